#!/usr/bin/env bash
# Every check there is, in the order of how fast each finds mistakes; a failing one does not keep the others from
# running. The last line is "N passed, N failed": the test cases of the normal and the sanitizer build, each counted
# once, and one more failed for every other stage that fails. PINYUE_FUZZ_SECONDS: time for each fuzz target.
set -u
cd "$(dirname "$0")/.."

failed_stages=0
stage() { # stage NAME COMMAND...
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  if "$@"; then
    echo "== $name: good ($((SECONDS - start)) s)"
  else
    echo "== $name: FAILED ($((SECONDS - start)) s)"
    failed_stages=$((failed_stages + 1))
  fi
}

# A failing test is counted below, case by case; here only a build that fails makes the stage fail.
runs=()
build_and_test() { # build_and_test LABEL FOLDER
  rm -f "$2/meson-logs/testlog.json" # never count an earlier run
  tools/build.sh "$2" || return 1
  meson test -C "$2" --no-rebuild --print-errorlogs --quiet || true
  [ -e "$2/meson-logs/testlog.json" ] || { echo "no test ran in $2"; return 1; }
  runs+=("$1=$2")
}

stage "own rules (check-source)" tools/check-source.sh
stage "front end (types, unit tests, engines)" tools/check-pages.sh
stage "normal build and its tests" build_and_test "normal build" build
stage "sanitizer build and its tests" build_and_test "sanitizer build" build-sanitize
# What runs on several threads: the desk over a real socket, replay, accounts, the mailboxes.
threads() {
  tools/build.sh build-threads pinyue tests/run_session_test tests/desk_account_test tests/web_mailbox_test tests/web_crew_test || return 1
  local -x TSAN_OPTIONS="suppressions=$PWD/tests/threads.supp"
  meson test -C build-threads --no-rebuild --print-errorlogs --quiet story restart live to_call || return 1
  local name
  for name in run_session_test desk_account_test web_mailbox_test web_crew_test; do
    PINYUE=$PWD/build-threads/pinyue PINYUE_SOURCES=$PWD "build-threads/tests/$name" >/tmp/threads.$$ 2>&1 ||
      { cat /tmp/threads.$$; return 1; }
  done
  rm -f /tmp/threads.$$
}
stage "threads (thread sanitizer)" threads
stage "style (clang-format, clang-tidy)" tools/check-style.sh
stage "fuzzing" tools/fuzz.sh "${PINYUE_FUZZ_SECONDS:-5}"

echo "== summary"
counted=$(tools/count-tests.py "${runs[@]}")
sed '$d' <<<"$counted"
read -r passed failed <<<"$(tail -n 1 <<<"$counted")"
[ "$failed_stages" -eq 0 ] || echo "stages that failed besides test cases: $failed_stages"
failed=$((failed + failed_stages))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
