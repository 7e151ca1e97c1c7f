#!/usr/bin/env bash
# Formatting (.clang-format) and clang-tidy (.clang-tidy), both without a single finding.
set -eu
cd "$(dirname "$0")/.."

find src tests bench -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror

# clang-tidy reads how each file is compiled from the normal build.
tools/build.sh build
sources=$(python3 -c 'import json, os
for entry in json.load(open("build/compile_commands.json")):
    print(os.path.relpath(os.path.join(entry["directory"], entry["file"])))' | sort -u)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! xargs -P "$(nproc)" -n 4 clang-tidy -p build --quiet <<<"$sources" >"$log" 2>/dev/null; then
  cat "$log"
  exit 1
fi
echo "check-style: $(wc -l <<<"$sources") files compiled, formatting and clang-tidy clean"
