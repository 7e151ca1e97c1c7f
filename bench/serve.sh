#!/usr/bin/env bash
# The duty desk on this machine's loopback: reads beside nginx, durable writes beside SQLite's own commits, live pages
# over TLS, a start with a million events. usage: bench/serve.sh [BUILD [PART...]]   (default build, and all parts:
# reads writes pages start clocks)
#
# What is compared runs in turn, three rounds, and the best round of each counts: others use the machine too. Takes some
# three minutes. Everything is in a folder under ${TMPDIR:-/tmp} (a disk, not memory, or the writes say nothing), which
# goes away.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
[ $# -eq 0 ] || shift
PATH=$PATH:/usr/sbin # where Debian has nginx
missing() { for peer in wrk nginx openssl; do command -v "$peer" >/dev/null || return 0; done; return 1; }
[ "${PEERS:-}" != install ] || ! missing || tools/install-dependencies.sh bench || true
if missing; then
  echo "serve: left out; apt-get install wrk nginx-light openssl"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 bench/serve.py "$build" "$work" "$@"
