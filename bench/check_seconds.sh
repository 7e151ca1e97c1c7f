#!/usr/bin/env bash
# What `pinyue check` of a pack costs, proofs included: processor time of one run, the least of several.
# usage: bench/check_seconds.sh [PROGRAM [PACK [RUNS]]]   (default build/pinyue plans/forest-fire.plan.md 5)
#
# Where it goes: valgrind --tool=callgrind PROGRAM check PACK; callgrind_annotate --inclusive=yes
set -eu
cd "$(dirname "$0")/.."
program=${1:-build/pinyue} pack=${2:-plans/forest-fire.plan.md} runs=${3:-5}

best=
for ((run = 0; run < runs; run++)); do
  TIMEFORMAT='%U %S'
  read -r user kernel < <({ time "$program" check "$pack" >/dev/null; } 2>&1)
  best=$(awk -v best="$best" -v user="$user" -v kernel="$kernel" \
    'BEGIN { sum = user + kernel; print best == "" || sum < best ? sum : best }')
done
echo "check $pack: $best s of processor time (least of $runs runs; the aim is under 10)"
