#!/usr/bin/env bash
# Formatting (.clang-format) and clang-tidy (.clang-tidy), both without a single finding.
set -eu
cd "$(dirname "$0")/.."

clean=true
mapfile -t files < <(find src tests bench -name '*.[ch]' | sort)
if ! unformatted=$(clang-format --dry-run -Werror "${files[@]}" 2>&1); then
  echo "check-style: not formatted ('make format' does it):"
  sed -nE 's/^([^:]+):[0-9]+:[0-9]+: .*/  \1/p' <<<"$unformatted" | sort | uniq -c
  clean=false
fi

# clang-tidy reads how each file is compiled from the normal build.
tools/build.sh build
sources=$(python3 -c 'import json, os
for entry in json.load(open("build/compile_commands.json")):
    path = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
    if not path.startswith("build/"): # what has been made is nobody'"'"'s style
        print(path)' | sort -u)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! xargs -P "$(nproc)" -n 4 clang-tidy -p build --quiet <<<"$sources" >"$log" 2>/dev/null; then
  grep -A2 -E '(error|warning): ' "$log" # without the analyzer's paths; run clang-tidy -p build FILE to see them
  clean=false
fi
$clean || exit 1
echo "check-style: $(wc -l <<<"$sources") files compiled, formatting and clang-tidy clean"
