#!/usr/bin/env bash
# Sets up one of the build folders as it has to be and builds it. usage: build.sh FOLDER [TARGET...]
#   build            gcc, optimised: what is shipped, and the normal tests
#   build-sanitize   gcc with the address and undefined-behaviour sanitizers
#   build-threads    gcc with the thread sanitizer: the program alone, and the tests of what runs on several threads
#   build-fuzz       clang with libFuzzer and the same sanitizers
# Silent when all goes well; a failing build prints what the compiler said from the first failure on.
set -eu
cd "$(dirname "$0")/.."

folder=$1
shift
sanitizers=(-Db_sanitize=address,undefined -Db_lundef=false)
case $folder in
  build) options=() ;;
  # gcc warns wrongly of ranges that the sanitizers hide from it; the normal build is the one that must be free of warnings.
  build-sanitize) options=("${sanitizers[@]}" -Dtests=enabled -Dwerror=false) ;;
  build-threads) options=(-Db_sanitize=thread -Db_lundef=false -Dtests=enabled -Dwerror=false) ;;
  build-fuzz) options=("${sanitizers[@]}" -Dtests=enabled -Dfuzzing=true) CC=clang ;;
  *) echo "build.sh: $folder is none of build, build-sanitize, build-threads, build-fuzz" >&2; exit 2 ;;
esac
export CC=${CC:-gcc}
# Without a target the tests are wanted too, and cmocka may have come after the folder was first set up.
if [ "$folder" = build ] && [ $# -eq 0 ]; then options+=(-Dtests=enabled); fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
  "$@" >"$log" 2>&1 </dev/null && return
  { sed -n '/^FAILED:/,$p' "$log" | grep . || cat "$log"; } >&2
  exit 1
}

tools/build-ui.sh
if [ ! -e "$folder/build.ninja" ]; then
  rm -rf "$folder"
  quietly meson setup "$folder" "${options[@]}"
elif [ ${#options[@]} -gt 0 ]; then
  quietly meson configure "$folder" "${options[@]}"
fi
quietly ninja -C "$folder" "$@"
