#!/usr/bin/env bash
# Runs every drill in drills/ with build/pinyue; before the first one is written, shows that the program starts.
set -eu
cd "$(dirname "$0")/.."
shopt -s nullglob
drills=(drills/*.drill.md)
if [ ${#drills[@]} -eq 0 ]; then
  exec build/pinyue --version
fi
exec build/pinyue drill "${drills[@]}"
