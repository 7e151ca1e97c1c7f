#!/usr/bin/env bash
# Our own rules, which no compiler knows. usage: check-source.sh [FOLDER]   (the folder that holds src/; default: here)
#
#   comments    every function in a header stands under a comment (a group without blank lines may share one)
#   layers      includes go downward only; engine includes base and plan, store includes base alone
#   purity      base, plan and engine never ask for the time, a random number or the environment, and print nothing
#   endings     only src/cli may end the process
#   unsafe      functions that cannot be used safely are used nowhere
#   languages   what a person at the desk can be refused with is said in English and in Chinese
#   plan names  nothing that a plan names stands in the code (parties, facts, levels, duties, clauses, …)
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

# Turns "file:line:text" on standard input into findings with this message; & in it stands for the text.
report() { sed -E "s|^([^:]*:[0-9]*):(.*)|\1: ${1/&/\\2}|" >>"$findings"; }

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
letters base
gazette base
plan base
coverage base plan gazette
check base plan
chart base letters plan
engine base plan
store base
run base plan engine store
paper base letters plan engine run
desk base plan engine store run paper
web base plan chart store engine paper desk
cli base plan check chart engine store run gazette coverage desk web
LAYERS
}

check_calls() { # check_calls MESSAGE WORDS FOLDER...
  local message=$1 words=$2
  shift 2
  (cd "$work/bare" && grep -rnE "(^|[^A-Za-z0-9_.>])($words)[[:space:]]*\(" "$@" 2>/dev/null || true) | report "$message"
}

# Refusals that may stay in English alone: FILE, a piece of the call (* for all of the file), why.
english_alone() {
  cat <<'EXCEPTIONS'
src/engine/program.c|*|whoever writes a pack reads it, at a check or when a pack is put in force
src/desk/account.c|the machine gives no random numbers|the operator, at the start
src/desk/account.c|and brings it up to date|the operator, at the start
src/desk/account.c|a newer pinyue wrote it|the operator, at the start and by the command line
src/desk/reset.c|pinyue user list shows them|the operator, by the command line
src/desk/backup.c|*|the operator, by the command line
src/desk/folder.c|*|the operator, by the command line
src/web/certificate.c|*|the operator, at the start
src/web/server.c|is no numeric address|the operator, at the start
src/web/server.c|cannot listen on|the operator, at the start
src/web/server.c|the system gives no threads|the operator, at the start
src/run/editions.c|the pack %s cannot be compiled|whoever puts a pack in force, by the command line
src/run/editions.c|TEXT_PRINT(first->text)|whoever puts a pack in force, by the command line
src/run/session.c|the event is withheld|whoever replays a copy, by the command line
src/run/session.c|"event %" PRId64|whoever replays a log, by the command line
src/run/session.c|a plan is put in force with its text|a caller's mistake; no request leads here
src/run/session.c|a writer logs the passing of time|a caller's mistake; no request leads here
src/run/session.c|begins with its kind|a caller's mistake; no request leads here
src/run/event_codec.c|versions of plans in force|whoever replays a log, by the command line
src/run/event_codec.c|"%s \"%.*s\"%s"|fields of a log that is replayed
src/run/event_codec.c|cannot have|fields of a log that is replayed
EXCEPTIONS
}

# A refusal in the folders and files that answer the desk: by failure_set… only where english_alone says so; by the
# functions that take both languages, with something Chinese in the call, or passing on what was made before.
check_languages() {
  english_alone >"$work/english"
  (cd "$work/code" && find src/engine src/desk src/web src/run/{session,editions,event_codec,fact_value,batch,feed}.c \
    src/base/{quantity,calendar}.c -name '*.c' 2>/dev/null | sort | EXCEPTIONS=$work/english xargs -r perl -CSD -Mutf8 -0777 -e '
    open(my $list, "<:utf8", $ENV{EXCEPTIONS}); my (%exempt, %used);
    { local $/ = "\n"; while (<$list>) { my ($file, $piece) = split /\|/; push @{$exempt{$file}}, $piece; } }
    my $arguments = qr/(?<list>\((?:[^()"\x27]++|"(?:\\.|[^"\\])*+"|\x27(?:\\.|[^\x27\\])*+\x27|(?&list))*+\))/;
    for my $file (@ARGV) {
      open(my $in, "<:utf8", $file) or die "$file: $!"; my $text = <$in>;
      while ($text =~ /\b(failure_set\w*|failure_say\w*|turn_refuse|exchange_problem)$arguments(?!\s*\{)/g) {
        my ($call, $inside, $at) = ($1, $+{list}, $-[0]);
        next if $inside =~ /\bconst char \*|struct turn \*|struct failure \*/; # it is declared or defined here
        my $line = 1 + (substr($text, 0, $at) =~ tr/\n//);
        if ($call =~ /^failure_set/) {
          my @found = grep { $_ eq "*" || index($inside, $_) >= 0 } @{$exempt{$file} || []};
          $used{"$file|$_"} = 1 for @found;
          print "$file:$line:said in English alone; use failure_say, or give the reason in english_alone of tools/check-source.sh\n" unless @found;
        } elsif ($inside !~ /\p{Han}/ && $inside !~ /"%s"/ && $inside !~ /(?:->|\.)message\b/ && $inside !~ /\bchinese\b/) {
          print "$file:$line:has nothing Chinese in it\n";
        }
      }
    }
    for my $file (sort keys %exempt) {
      for (@{$exempt{$file}}) { print "$file:1:english_alone of tools/check-source.sh excepts what is not there: $_\n" unless $used{"$file|$_"} || !-e $file; }
    }') >>"$findings"
}

# What the plans name, one a line: everything that they declare (parties and aliases, facts and their values, levels,
# settings, duties, …), the number, title and issuer of their documents, and the clauses that they cite. Left out is what
# would be found by chance: Chinese names of less than three characters (县), others of less than four, chapters (5).
plan_names() {
  find plans -name '*.plan.md' -print0 2>/dev/null | xargs -0 -r perl -CSD -Mutf8 -0777 -ne '
    BEGIN {
      $word = qr/\x27[^\x27\n]+\x27|[^\s\x27"“”{}（）()@,，、:：;；=＝<>＜＞+＋]+/;
      $list = qr/$word(?:\s*[,，、]\s*$word)*/;
      $kinds = join "|", qw(plan unit contact office team group role setting chain incident standing fact derived
        condition scale duty option decision forbid notice command position work-group calling alias
        预案 单位 电话簿 职务 队伍 单位组 角色 本地设定 上报链 事件 常设 事实 推算 条件 等级 职责 可选 待决 禁止 提示
        指挥机构 职位 工作组 调动顺序 又称);
    }
    sub name {
      for (my @names = @_) {
        s/^\x27(.*)\x27$/$1/;
        print "$_\n" if length >= (/[^\x00-\x7f]/ ? 3 : 4);
      }
    }
    my $pack = join "\n", /^```plan\n(.*?)^```/msg;
    $pack =~ s{//[^\n]*}{}g;
    name($2) while $pack =~ /\b(document|title|issuer|文号|标题|发文机关)\s+["“]([^"”]*)["”]/g;
    $pack =~ s/"(?:\\.|[^"\\])*"|“[^”]*”/""/g;
    while ($pack =~ /@(\x27[^\x27\n]*\x27|[^\s,，、;；{}"“”@]+)/g) {
      my $clause = $1;
      name($clause) if $clause =~ m{\d\.\d+\.\d|\d[(（]\w|\d#\d|\S/\S};
    }
    $pack =~ s/@(\x27[^\x27\n]*\x27|[^\s,，、;；{}"“”@]+)//g;
    $pack =~ s/[,，、]\s*(?:heard as|听作|about|约指|unknown as|不明作|presumed|默认|more is|越多|less is|越少|yes is|是为|no is|否为)/;/g; # no values
    while ($pack =~ /(?<![^\s{}])(?:$kinds|one of|取值)\s+($list)/g) {
      my $found = $1;
      name($found =~ /$word/g);
    }
    while ($pack =~ /(?:levels|级别|series of|逐日)\s+($word(?:\s*[<＜]\s*$word)+)/g) {
      my $found = $1;
      name($found =~ /$word/g);
    }
  ' | sort -u
}

# Names in Latin letters are looked for as whole words: Red is not in Reduce.
check_plan_names() {
  local letters
  plan_names >"$work/names"
  LC_ALL=C grep -v '[^ -~]' "$work/names" >"$work/names.latin" || true
  LC_ALL=C grep '[^ -~]' "$work/names" >"$work/names.other" || true
  for letters in latin other; do
    [ -s "$work/names.$letters" ] || continue
    (cd "$work/code" && grep -rnoF $([ "$letters" = other ] || echo -w) -f "$work/names.$letters" src || true) |
      report "a name or clause of a plan, which belongs in the plan alone: &"
  done
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
check_languages
check_plan_names

if [ -s "$findings" ]; then
  cat "$findings"
  echo "check-source: $(wc -l <"$findings") findings" >&2
  exit 1
fi
echo "check-source: ${#sources[@]} files follow the rules"
