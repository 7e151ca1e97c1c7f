#!/usr/bin/env bash
# Installs the Debian packages that are missing. usage: install-dependencies.sh GROUP...   (build, test, bench)
# Asks nothing and downloads nothing when all is there. See docs/dependencies.md for what each is for.
set -eu
cd "$(dirname "$0")/.."

declare -A groups=(
  [build]="gcc libc6-dev meson ninja-build pkgconf libsqlite3-dev libjansson-dev libssl-dev libcmark-gfm-dev
    libcmark-gfm-extensions-dev libz3-dev libgraphviz-dev libcairo2-dev libpango1.0-dev libfontconfig-dev fonts-noto-cjk
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
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root=(sudo -n)
else
  echo "These packages are needed; install them and try again:" >&2
  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

echo "Installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { # quiet unless it fails; waits for another apt-get that may be running
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null ||
    { cat "$log" >&2; echo "apt-get $1 failed" >&2; exit 1; }
}
apt update
apt install -y --no-install-recommends "${missing[@]}"
