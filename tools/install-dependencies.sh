#!/usr/bin/env bash
# Installs the Debian packages that are missing, and the font of official documents. usage: install-dependencies.sh GROUP...
# (build, test, bench). Asks nothing and downloads nothing when all is there. See docs/dependencies.md for what each is for.
set -eu
cd "$(dirname "$0")/.."

declare -A groups=(
  [build]="gcc libc6-dev meson ninja-build pkgconf libsqlite3-dev libjansson-dev libssl-dev libcmark-gfm-dev
    libcmark-gfm-extensions-dev libz3-dev libgraphviz-dev libcairo2-dev libpango1.0-dev libfontconfig-dev fontconfig fonts-noto-cjk
    libsodium-dev libmagic-dev libmagic-mgc libmicrohttpd-dev libzip-dev golang-github-mozillazg-go-pinyin-dev"
  [test]="libcmocka-dev clang clang-format clang-tidy libclang-rt-14-dev
    poppler-utils python3-jsonschema chromium"
  [bench]="libclips-dev wrk nginx-light openssl"
)

wanted=()
for group in "$@"; do
  read -r -d '' -a packages <<<"${groups[$group]}" || true
  wanted+=("${packages[@]}")
done

# The front end needs node and npm to be built: those on the PATH where they are new enough, else Debian's; none at all
# where it has been built already (a release) and is not tested.
has_node() { command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null; }
if ! has_node && { [[ " $* " = *" test "* ]] || ! tools/build-ui.sh --check; }; then
  wanted+=(nodejs npm)
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^installed //p')
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package" <<<"$installed" || missing+=("$package")
done

# The font of official documents, FandolFang, alone out of a package that would draw in TeX. For the program any of those
# that it takes will do (src/paper/fonts.c); the tests want this one.
font_package=texlive-lang-chinese
font_in_package=./usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf
font_folder=/usr/local/share/fonts/pinyue-fandol
has_font() {
  local families='FandolFang|FangSong|FangSong_GB2312|STFangsong|FZFangSong-Z02'
  if [[ " $* " = *" test "* ]]; then families=FandolFang; fi
  command -v fc-list >/dev/null && fc-list : family | tr ',' '\n' | grep -qxE "$families"
}
wants_font=
if [[ " $* " = *" build "* || " $* " = *" test "* ]] && ! has_font "$@"; then wants_font=yes; fi
[ ${#missing[@]} -gt 0 ] || [ "$wants_font" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root=(sudo -n)
else
  if [ ${#missing[@]} -gt 0 ]; then
    echo "These packages are needed; install them and try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  fi
  if [ "$wants_font" ]; then
    echo "The font FandolFang is needed, for official documents; install it and try again:" >&2
    echo "  cd \$(mktemp -d) && apt-get download $font_package && dpkg-deb --fsys-tarfile $font_package*.deb | tar -x $font_in_package" >&2
    echo "  sudo install -D -m 644 -t $font_folder $font_in_package && sudo fc-cache $font_folder" >&2
  fi
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { # quietly WHAT COMMAND...: says nothing unless it fails
  local what=$1
  shift
  "$@" >"$work/log" 2>&1 </dev/null || { cat "$work/log" >&2; echo "$what failed" >&2; exit 1; }
}
apt() { # waits for another apt-get that may be running
  quietly "apt-get $1" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

apt update
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  apt install -y --no-install-recommends "${missing[@]}"
fi

if [ "$wants_font" ] && ! has_font "$@"; then
  echo "Installing the font FandolFang (from $font_package)"
  mkdir "$work/font"
  # As root apt-get loads as a user of its own, who has to write here.
  if [ "$(id -u)" = 0 ] && id -u _apt >/dev/null 2>&1; then chmod 755 "$work" && chown _apt "$work/font"; fi
  fetch() (cd "$work/font" && apt-get -q download "$font_package")
  quietly "apt-get download" fetch
  unpack() { dpkg-deb --fsys-tarfile "$work"/font/*.deb | tar -x -C "$work" "$font_in_package"; }
  quietly "unpacking the font" unpack
  quietly "installing the font" "${as_root[@]}" install -D -m 644 -t "$font_folder" "$work/$font_in_package"
  quietly "fc-cache" "${as_root[@]}" fc-cache "$font_folder"
fi
