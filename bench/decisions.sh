#!/usr/bin/env bash
# Decisions a second on the scale 响应, ours beside a floor written by hand and beside three engines that a user might
# pick, all on one core, one after the other, on the same facts. usage: bench/decisions.sh [BUILD] (default build)
#
# Ours gives all five answers (level, may, because, open, ask); the peers give the bare level, for exactly known facts
# alone, as they know no ranges. Each level of theirs is held against ours: any difference ends the run with an error.
# A peer that is not installed is named with the command that installs it, and left out. PEERS=install installs both.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build} facts=20000
core=${CORE:-$(taskset -cp $$ | sed -E 's/.*: *([0-9]+).*/\1/')}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
on_one_core() { taskset -c "$core" "$@"; }

if [ "${PEERS:-}" = install ]; then
  [ -e /usr/include/clips/clips.h ] || tools/install-dependencies.sh bench || true
  if command -v npm >/dev/null && [ ! -d bench/peers/node_modules ]; then
    npm install --no-save --prefix bench/peers --no-audit --no-fund >"$work/npm" 2>&1 || cat "$work/npm"
  fi
fi

echo "core $core, $(uptime | sed -E 's/.*(load average.*)/\1/')"
on_one_core "$build/bench/bench_decisions" | tee "$work/ours"
rate() { awk -v what="$1" '$1 == what { print $3 }' "$work/ours"; }
known=$(rate known) mixture=$(rate mixture)
"$build/bench/bench_decisions" --facts "$work/facts" "$facts"

compare() { # compare NAME DECISIONS_PER_SECOND TARGET
  awk -v name="$1" -v theirs="$2" -v target="$3" -v known="$known" -v mixture="$mixture" 'BEGIN {
    printf "%-22s %8.0f levels/s   ours on the same facts: %5.0f times, on ranges too: %5.0f times   (target %s)\n",
      name, theirs, known / theirs, mixture / theirs, target }'
}

if [ ! -e /usr/include/clips/clips.h ]; then
  echo "CLIPS: left out; apt-get install libclips-dev"
else
  cc -O2 -w -I/usr/include/clips bench/peers/clips_level.c -o "$work/clips_level" -lclips -lm
  rate=$(on_one_core "$work/clips_level" bench/peers/level.clp "$work/facts")
  compare CLIPS "$rate" 20
fi

if ! command -v node >/dev/null; then
  echo "json-rules-engine, zen-engine: left out; apt-get install nodejs npm, then npm install --no-save in bench/peers"
elif [ ! -d bench/peers/node_modules ]; then
  echo "json-rules-engine, zen-engine: left out; npm install --no-save in bench/peers"
else
  on_one_core node bench/peers/node_engines.mjs "$work/facts" >"$work/node"
  while read -r name rate; do compare "$name" "$rate" 200; done <"$work/node"
fi
