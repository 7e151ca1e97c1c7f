#!/usr/bin/env bash
# The front end's own checks: types, unit tests, and that everything runs on Debian 12's Node.
set -eu
cd "$(dirname "$0")/.."
tools/build-ui.sh --modules
tools/check-engines.py
tools/build-ui.sh
tools/check-unit-page.py
cd ui
npm run --silent check
npm test --silent
