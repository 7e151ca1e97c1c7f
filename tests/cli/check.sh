# Shared by the black-box tests: source it. Each check prints what it proves when it fails; the script ends with `finish`.
set -u
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fire=$PINYUE_SOURCES/plans/forest-fire.plan.md

# expect STATUS COMMAND…: runs it, keeps its output in $work/out and $work/err.
expect() {
  local wanted=$1 status=0
  shift
  "$@" >"$work/out" 2>"$work/err" || status=$?
  [ "$status" -eq "$wanted" ] || complain "status $status instead of $wanted: $*" "$(cat "$work/err")"
}

# says TEXT: standard output (or error) of the last command has this in it.
says() { grep -qF -- "$1" "$work/out" || complain "output lacks: $1" "$(head -c 2000 "$work/out")"; }
says_not() { ! grep -qF -- "$1" "$work/out" || complain "output has: $1" ""; }
warns() { grep -qF -- "$1" "$work/err" || complain "error output lacks: $1" "$(head -c 2000 "$work/err")"; }

complain() {
  failed=$((failed + 1))
  printf 'FAILED line %s: %s\n%s\n' "${BASH_LINENO[1]}" "$1" "$2" >&2
}

finish() { [ "$failed" -eq 0 ] || { echo "$failed checks failed" >&2; exit 1; }; }
