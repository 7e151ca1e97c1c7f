#!/usr/bin/env bash
# Takes the pictures of docs/tour.md anew, from the program: one fire from the first call to the signed final report.
# usage: make-tour.sh [FOLDER]   (where the pictures go; default: docs/tour)
# What is in FOLDER is replaced only when every picture has been taken, and when tour.md names just those.
set -eu
cd "$(dirname "$0")/.."

folder=${1:-docs/tour}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/pictures" "$work/tmp"
PINYUE=$PWD/build/pinyue PINYUE_SOURCES=$PWD PINYUE_PICTURES=$work/pictures TMPDIR=$work/tmp node tools/make-tour.mjs
node tools/reduce-picture.mjs "$work"/pictures/*.png

(cd "$work/pictures" && ls) >"$work/made"
grep -oE '\(tour/[^)]*\.png\)' docs/tour.md | sed 's|^(tour/||; s|)$||' | sort -u >"$work/named"
if ! diff "$work/named" "$work/made" >"$work/differ"; then
  sed -nE 's|^< (.*)|make-tour: docs/tour.md shows \1, which was not made|p; s|^> (.*)|make-tour: \1 was made, and docs/tour.md does not show it|p' "$work/differ" >&2
  exit 1
fi
mkdir -p "$folder"
rm -f "$folder"/*.png
cp "$work/pictures"/*.png "$folder"
echo "make-tour: $(wc -l <"$work/made") pictures, $(du -ck "$folder"/*.png | tail -n 1 | cut -f 1) kB, in $folder"
