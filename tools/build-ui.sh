#!/usr/bin/env bash
# Builds the front end, ui/dist, which the program takes in. usage: build-ui.sh [--check|--modules]
# Does nothing when ui/dist was built from these very sources (it says so in ui/dist.stamp): so a release that carries it
# needs neither node nor a registry. --check: only says whether that is so (exit 0), for install-dependencies.sh.
# --modules: installs what the front end's tests need, and builds nothing.
set -eu
cd "$(dirname "$0")/../ui"

# Sources alone: what npm and vite make is none of them.
find_digest() {
  find . -path ./node_modules -prune -o -path ./dist -prune -o -name dist.stamp -prune -o -type f -print |
    LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1
}

digest=$(find_digest)
if [ "${1:-}" != --modules ]; then
  [ -e dist/index.html ] && [ "$(cat dist.stamp 2>/dev/null)" = "$digest" ] && exit 0
  [ "${1:-}" != --check ] || exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
  "$@" >"$log" 2>&1 </dev/null || { cat "$log" >&2; echo "build-ui.sh: $* failed" >&2; exit 1; }
}
lock_digest=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.lock-digest 2>/dev/null)" != "$lock_digest" ]; then
  quietly npm ci --no-audit --no-fund --ignore-scripts
  echo "$lock_digest" >node_modules/.lock-digest
fi
[ "${1:-}" != --modules ] || exit 0
quietly npm run build
echo "$digest" >dist.stamp
