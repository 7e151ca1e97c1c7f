#!/usr/bin/env bash
# Builds the fuzz targets and runs each for some seconds, as many at once as there are cores. usage: fuzz.sh SECONDS
# New inputs go to build-fuzz/corpus/NAME (kept for the next run; copy the worthwhile ones to tests/fuzz/corpus/NAME),
# what crashes to build-fuzz/crashes.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
tools/build.sh build-fuzz fuzz_programs
mkdir -p build-fuzz/crashes

run_one() {
  name=$1 seconds=$2
  mkdir -p "build-fuzz/corpus/$name"
  log=build-fuzz/$name.log
  # -timeout: an input that takes 10 s is a defect. -max_len: past 64 KiB inputs get slow and find nothing new.
  if "build-fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -artifact_prefix="build-fuzz/crashes/$name-" "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
    echo "fuzz $name: $(grep -oE '^Done [0-9]+ runs in [0-9]+ second' "$log")s, nothing found"
  else
    tail -n 60 "$log"
    echo "fuzz $name: FAILED"
    return 1
  fi
}
export -f run_one

# Every target has a corpus folder of its name, and the other way round.
targets=$(ls tests/fuzz/corpus)
for program in $(ninja -C build-fuzz -t query fuzz_programs | sed -n 's|.*tests/fuzz/fuzz_||p'); do
  grep -qxF "$program" <<<"$targets" || { echo "fuzz $program: tests/fuzz/corpus/$program is missing" >&2; exit 1; }
done
xargs -P "$(nproc)" -I NAME bash -c 'run_one NAME "$0"' "$seconds" <<<"$targets"
