#!/usr/bin/env bash
# Makes a release: pinyue-VERSION.tar.gz of what is committed, with the built front end, so that `make run` from it needs
# neither node nor a registry. usage: make-dist.sh [FOLDER]   (where the tarball goes; default: build)
# The same commit and front end give the same bytes. ui/dist is taken where it was built from the committed sources, else
# built anew.
set -eu
cd "$(dirname "$0")/.."

folder=${1:-build}
version=$(sed -nE "s/^ *version: '([^']+)',/\1/p" meson.build | head -n 1)
name=pinyue-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/$name

git archive --format=tar --prefix="$name/" HEAD | tar -x -C "$work"
if [ -e ui/dist.stamp ]; then
  cp -R ui/dist ui/dist.stamp "$tree/ui/"
fi
if ! "$tree/tools/build-ui.sh" --check; then
  rm -rf "$tree/ui/dist" "$tree/ui/dist.stamp"
  [ ! -d ui/node_modules ] || cp -R ui/node_modules "$tree/ui/"
  "$tree/tools/build-ui.sh"
  rm -rf "$tree/ui/node_modules"
fi
"$tree/tools/build-ui.sh" --check
mkdir -p "$folder"
tar -c --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" --mode=go=rX,u+rw,a-s \
  -C "$work" "$name" | gzip -n -9 >"$work/tarball"
mv "$work/tarball" "$folder/$name.tar.gz"
echo "$folder/$name.tar.gz"
