#!/usr/bin/env bash
# Our own rules, which no compiler knows. usage: check-source.sh [FOLDER]   (the folder that holds src/; default: here)
#
#   comments    every function in a header stands under a comment (a group without blank lines may share one)
#   layers      includes go downward only; engine includes base and plan, store includes base alone
#   purity      base, plan and engine never ask for the time, a random number or the environment, and print nothing
#   endings     only src/cli may end the process
#   unsafe      functions that cannot be used safely are used nowhere
#   plan names  no unit, office, duty or fact of a plan stands in the code: what is in a plan belongs in the plan
#
# Prints one line a finding, "file:line: what and why", and exits 1 when there is any.
set -eu
cd "${1:-$(dirname "$0")/..}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
findings=$work/findings
: >"$findings"

# Two copies of src/ whose lines stay where they are: $work/bare without comments and strings, $work/code without
# comments. (Perl is an essential package of Debian; one process for all files keeps this under a second.)
mapfile -t sources < <(find src -name '*.[ch]' | sort)
WORK=$work perl -0777 -e '
  use File::Basename; use File::Path;
  for my $name (@ARGV) {
    open(my $in, "<", $name) or die "$name: $!"; my $text = <$in>;
    for my $kind ("bare", "code") {
      my $copy = $text;
      $copy =~ s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\])*"|\x27(?:\\.|[^\x27\\])*\x27)}
               {my $piece = $&; $piece =~ s/[^\n]/ /g if defined $1 || $kind eq "bare"; $piece}gsex;
      my $path = "$ENV{WORK}/$kind/$name"; mkpath(dirname($path));
      open(my $out, ">", $path) or die "$path: $!"; print $out $copy;
    }
  }' "${sources[@]}"

# Turns "file:line:text" on standard input into findings with this message.
report() { sed -E "s|^([^:]*:[0-9]*):.*|\1: $1|" >>"$findings"; }

# A header is public when a file of another folder includes it; inside its folder the comment may stand in the .c file.
check_comments() {
  local header name folder
  for header in "${sources[@]}"; do
    name=${header#src/} folder=${header%/*}
    [[ $header == *.h ]] && grep -rqF "#include \"$name\"" --include='*.[ch]' --exclude-dir="${folder##*/}" src || continue
    awk -v file="$header" '
      /^[[:space:]]*$/ { covered = 0 }
      /\*\// { covered = 1 }
      /^[a-z][A-Za-z0-9_ \*]*[ \*][a-z][a-z0-9_]*\(/ && !/^(typedef|struct [a-z_]+ \{|return|else)/ {
        if (!covered && !/\/\*/) print file ":" FNR ": a function of a public header without a comment before it"
      }' "$header" >>"$findings"
  done
}

check_layers() {
  local layer below
  while read -r layer below; do
    [ -d "src/$layer" ] || continue
    { grep -rnE '^#[[:space:]]*include[[:space:]]+"' --include='*.[ch]' "src/$layer" || true; } |
      { grep -vE "\"($(tr ' ' '|' <<<"$layer $below"))/[a-z0-9_/]+\.h\"" || true; } |
      report "src/$layer may include \"FOLDER/name.h\" of: $layer $below"
  done <<'LAYERS'
base
gazette base
plan base
coverage base plan gazette
check base plan
chart base plan
engine base plan
store base
run base plan engine store
cli base plan check chart engine store run gazette coverage
LAYERS
}

check_calls() { # check_calls MESSAGE WORDS FOLDER...
  local message=$1 words=$2
  shift 2
  (cd "$work/bare" && grep -rnE "(^|[^A-Za-z0-9_.>])($words)[[:space:]]*\(" "$@" 2>/dev/null || true) | report "$message"
}

# The names that plans declare: the word after a declaring keyword at the start of a line in a plan block. Names of less
# than three characters (人, 县) would be found by chance.
plan_names() {
  local kinds='单位|单位组|职务|队伍|电话簿|事件|职责|事实|unit|group|office|team|contact|incident|duty|fact'
  find plans -name '*.plan.md' -print0 2>/dev/null | xargs -0 -r awk '/^```plan/ { inside = 1; next } /^```/ { inside = 0 } inside' |
    sed -nE "s/^[[:space:]]*($kinds)[[:space:]]+([^][:space:]{@\"（(]+).*/\2/p" | sort -u |
    perl -CSD -ne 'chomp; print "$_\n" if length >= 3'
}

check_plan_names() {
  plan_names >"$work/names"
  (cd "$work/code" && [ -s "$work/names" ] && grep -rnF -f "$work/names" src || true) |
    report "a name that a plan declares; it belongs in the plan alone"
}

check_comments
check_layers
check_calls "the pure layers read no clock, no chance and no environment" \
  'time|clock|clock_gettime|gettimeofday|timespec_get|localtime|localtime_r|mktime|rand|random|srand|rand_r|drand48|getrandom|getenv|setlocale|getpid' \
  src/base src/plan src/engine
check_calls "the pure layers print nothing and open nothing; they give values back" \
  'printf|vprintf|fprintf|vfprintf|puts|fputs|putchar|perror|fopen|open|read|write' src/plan src/engine
check_calls "only src/cli may end the process; give a failure back" \
  'exit|_exit|_Exit|quick_exit|abort' src/base src/plan src/engine src/store src/run
check_calls "cannot be used safely; use struct text, struct buffer or snprintf" \
  'gets|strcpy|stpcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|atoi|atol|atoll|atof|alloca|system|popen|tmpnam|mktemp' \
  src
check_plan_names

if [ -s "$findings" ]; then
  cat "$findings"
  echo "check-source: $(wc -l <"$findings") findings" >&2
  exit 1
fi
echo "check-source: ${#sources[@]} files follow the rules"
