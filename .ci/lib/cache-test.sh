#!/usr/bin/env bash
# What .ci/lib/cache.sh promises: what is damaged is made again, what was not used for two weeks goes.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ROLECALL_CI_CACHE=$work/cache
. .ci/lib/cache.sh

fail() { echo "cache: $1"; exit 1; }
installed=0
install() {
  installed=$((installed + 1))
  echo content >"$1/file"
  mkdir "$1/folder"
  echo more >"$1/folder/file"
}
# Whether the tool was installed so often by now, and works.
expect_installs() {
  tool example 1.0 install >"$work/said"
  [ "$installed" = "$1" ] || fail "$2: installed $installed times, not $1"
  [ "$(cat "$tool/file" "$tool/folder/file")" = "$(printf 'content\nmore')" ] || fail "$2: not whole"
}

expect_installs 1 'nothing was kept'
expect_installs 1 'it was kept'
entry=$(dirname "$tool")
echo damaged >"$tool/file"
expect_installs 2 'another content'
: >"$tool/folder/file"
expect_installs 3 'an empty file'
rm "$tool/file"
expect_installs 4 'a file is missing'
echo strange >"$tool/strange"
expect_installs 5 'a file too many'
rm "$entry/sums"
expect_installs 6 'half made'
rm -r "$entry" && echo 'no folder' >"$entry"
expect_installs 7 'no folder at all'

touch -d '13 days ago' "$entry/used"
clean_cache
expect_installs 7 'used thirteen days ago'
touch -d '15 days ago' "$entry/used"
mkdir "$cache/left-over" && echo old >"$cache/left-over/file" && touch -d '15 days ago' "$cache/left-over/file"
mkdir "$cache/new-AAAAAA" && echo new >"$cache/new-AAAAAA/file"
clean_cache >"$work/said"
[ ! -e "$entry" ] || fail 'used fifteen days ago, and still there'
[ ! -e "$cache/left-over" ] || fail 'a left-over of fifteen days ago is still there'
[ -e "$cache/new-AAAAAA/file" ] || fail 'what another run is making was taken away'
expect_installs 8 'it was cleaned away'

# A folder that cannot be written: a file stands in its way.
(
  echo file >"$work/file"
  ROLECALL_CI_CACHE=$work/file/cache
  . .ci/lib/cache.sh >"$work/said"
  [ "$cache" = "$PWD/target/ci/cache" ] || fail "without a folder it is $cache"
)
