# Steps of a check and how long each of them took: sourced.

steps=() seconds=() step_name='' step_began=$SECONDS

# Ends the step before and begins this one.
step() {
  end_step
  step_name=$1
  printf '\n== %s\n' "$1"
}

end_step() {
  if [ -n "$step_name" ]; then
    printf '== %s: %s s\n' "$step_name" $((SECONDS - step_began))
    steps+=("$step_name") seconds+=($((SECONDS - step_began)))
  fi
  step_name='' step_began=$SECONDS
}

# The table of what was done; what is behind the arguments are more rows: a name and a value each.
table() {
  end_step
  printf '\n| step | seconds |\n| --- | ---: |\n'
  local at
  for at in "${!steps[@]}"; do printf '| %s | %s |\n' "${steps[at]}" "${seconds[at]}"; done
  printf '| **all** | **%s** |\n' "$SECONDS"
  while [ $# -ge 2 ]; do
    printf '| %s | %s |\n' "$1" "$2"
    shift 2
  done
}
