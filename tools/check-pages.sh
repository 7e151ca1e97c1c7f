#!/usr/bin/env bash
# The front end's own checks: types, unit tests, and that everything runs on Debian 12's Node.
set -eu
cd "$(dirname "$0")/.."
tools/build-ui.sh --modules
tools/check-engines.py
cd ui
npm run --silent check
npm test --silent
