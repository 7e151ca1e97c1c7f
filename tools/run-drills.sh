#!/usr/bin/env bash
# Plays the whole story of a fire, from the first call to the end, through the plan, and shows its timeline.
set -eu
cd "$(dirname "$0")/.."
exec build/pinyue drill drills/20-whole-story.drill.md
