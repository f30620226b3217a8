# What the check keeps between runs: tools, and compiled dependencies. Sourced from the project's root.
#
# The folder is ROLECALL_CI_CACHE, by default `rolecall-ci` under the user's cache directory. Each entry in it is a folder with
# what is kept in `content`, its checksums in `sums` and the time of its last use in `used`. What does not fit its checksums, or
# was not used for two weeks, goes. Nothing needs the folder: without it everything is made again.

cache=${ROLECALL_CI_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/rolecall-ci}
if ! { mkdir -p "$cache" && touch "$cache/.writable"; } 2>/dev/null; then
  echo "cache: $cache cannot be written; this run keeps nothing"
  cache=$PWD/target/ci/cache
  mkdir -p "$cache"
fi
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac

# A word for what decides whether something kept is still the right thing.
key() { sha256sum | cut -c 1-16; }

sums() { (cd "$1/content" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r -P 2 -n 2000 sha256sum | LC_ALL=C sort -k 2); }

# Whether an entry holds what was put into it, no file more and none less.
intact() { [ -s "$1/sums" ] && [ -d "$1/content" ] && sums "$1" 2>/dev/null | cmp -s - "$1/sums"; }

seal() { sums "$1" >"$1/sums.new" && mv "$1/sums.new" "$1/sums" && touch "$1/used"; }

# Takes an entry into use: fails, and removes it, where it is not there or not intact.
take() {
  if intact "$1"; then
    touch "$1/used"
  else
    [ ! -e "$1" ] || echo "cache: $1 is damaged or half made; it is made again"
    rm -rf "$1"
    return 1
  fi
}

# Removes what nobody used for two weeks: what is no entry goes by the newest of its files.
clean_cache() {
  local entry
  for entry in "$cache"/*; do
    [ -e "$entry" ] || continue
    if [ -f "$entry/used" ]; then
      [ -z "$(find "$entry/used" -newermt '14 days ago')" ] || continue
    else
      [ -z "$(find "$entry" -type f -newermt '14 days ago' -print -quit)" ] || continue
    fi
    echo "cache: $entry was not used for two weeks"
    rm -rf "$entry"
  done
}

# tool NAME WHAT INSTALLER: the folder of a tool, installed by `INSTALLER FOLDER` unless it is kept; WHAT says which version.
# Its answer is in $tool.
tool() {
  local entry
  entry=$cache/tool-$1-$(printf '%s' "$2" | key)
  tool=$entry/content
  take "$entry" && return
  echo "installing $1: $2"
  mkdir -p "$tool"
  "$3" "$tool"
  seal "$entry"
}

# A program of crates.io, in $tool/bin.
cargo_tool() {
  crate=$1@$2
  tool "$1" "$crate $(rustc -V)" install_crate
}
install_crate() { cargo install --quiet --locked --root "$1" "$crate"; }

# A Python environment with these packages, at $tool. Its files stay as they are: nothing is compiled into it later.
export PYTHONDONTWRITEBYTECODE=1
python_tool() {
  local name=$1
  shift
  python_packages=("$@")
  tool "$name" "$(python3 --version) $*" install_python
}
install_python() { python3 -m venv "$1" && "$1/bin/pip" install --quiet "${python_packages[@]}"; }

# A folder with these packages of npm in $tool/node_modules. Nothing is written into it later.
npm_tool() {
  local name=$1
  shift
  npm_packages=("$@")
  tool "$name" "node $(node --version) $*" install_npm
}
install_npm() { npm install --prefix "$1" --no-package-lock --no-audit --no-fund --loglevel error "${npm_packages[@]}"; }

# Java, from the system's packages where there is none.
java_tool() { command -v java >/dev/null || { apt-get update -qq && apt-get install -qq -y openjdk-17-jre-headless; }; }

aws_tool() { python_tool aws 'ministack[full]==1.5.33' 'aws-sam-cli==1.167.0' 'cfn-lint==1.53.3' 'awscli==1.*'; }
cargo_lambda_tool() { python_tool cargo-lambda cargo-lambda==1.9.2; }

# The packages of this workspace, whose artifacts are never kept: what is checked is built from the clone.
members() { cargo tree --locked --workspace --depth 0 --prefix none | cut -d ' ' -f 1 | paste -sd '|'; }

# Where the dependencies are kept that this clone needs with this compiler.
dependencies() {
  { rustc -vV; cat Cargo.lock .cargo/config.toml; awk '/^\[/ { on = /^\[profile/ } on' Cargo.toml; } | key | sed "s|^|$cache/dependencies-|"
}

target=${CARGO_TARGET_DIR:-target}

restore_dependencies() {
  local entry
  entry=$(dependencies)
  if [ -d "$target/debug/deps" ]; then
    echo 'dependencies: those that were built here before'
  elif take "$entry"; then
    mkdir -p "$target"
    cp -a --reflink=auto "$entry/content/." "$target/"
    echo "dependencies: from $entry"
  else
    echo "dependencies: all of them are built; $entry is not there"
  fi
}

# Where Cargo leaves what it compiles; the last is what `sam build` compiles.
profiles=(debug release x86_64-unknown-linux-gnu/release)

# What there is of dependencies in a target folder, one unit a line.
units() { (cd "$1" && find "${profiles[@]/%//.fingerprint}" -mindepth 1 -maxdepth 1 2>/dev/null | LC_ALL=C sort) | grep -vE "/($2)-[0-9a-f]{16}$" || true; }

# Keeps the dependencies for the next run, unless they are kept already. A full disk is no failure of the check.
save_dependencies() {
  local entry new members profile
  entry=$(dependencies)
  members=$(members)
  new=$(mktemp -d "$cache/new-XXXXXX")
  units "$target" "$members" >"$new/units"
  if [ -d "$entry/content" ] && units "$entry/content" "$members" | cmp -s - "$new/units"; then
    rm -rf "$new"
    echo "dependencies: $entry is kept as it is"
    return
  fi
  for profile in "${profiles[@]}"; do
    [ -d "$target/$profile/deps" ] || continue
    sed -n "s|^$profile/.fingerprint/||p" "$new/units" >"$new/named"
    sed 's/.*-//' "$new/named" | sort -u >"$new/hashes"
    {
      sed 's|^|.fingerprint/|' "$new/named"
      (cd "$target/$profile" && ls -d build/*) | grep -F -f "$new/hashes" || true
      (cd "$target/$profile" && ls -d deps/*) | grep -F -f "$new/hashes" || true
    } >"$new/files"
    mkdir -p "$new/content/$profile"
    tar -C "$target/$profile" -cf - -T "$new/files" | tar -C "$new/content/$profile" -xf - || { rm -rf "$new"; echo 'dependencies: not kept'; return; }
  done
  rm -f "$new/named" "$new/hashes" "$new/files" "$new/units"
  if seal "$new" && rm -rf "$entry" && mv -T "$new" "$entry"; then
    echo "dependencies: kept in $entry, $(du -sh "$entry" | cut -f 1)"
  else
    rm -rf "$new"
    echo 'dependencies: not kept'
  fi
  # Of what other states of the project need, the two that were used last.
  ls -dt "$cache"/dependencies-*/used 2>/dev/null | tail -n +4 | while read -r used; do rm -rf "$(dirname "$used")"; done
}
