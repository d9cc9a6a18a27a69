# shellcheck shell=bash
# The output of a scenario for the user, and its verdict. `run` shows only marked lines; the rest stays in the log.

MARK='@lab@ '
CHECKS=0
FAILURES=0

say() { printf '%s%s\n' "$MARK" "$*" >&3; }

# say_lines: shows standard input, line by line.
say_lines() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do say "$line"; done
}

pass() {
  say "  ok    $*"
  CHECKS=$((CHECKS + 1))
}

fail() {
  say "  FAIL  $*"
  FAILURES=$((FAILURES + 1))
}

# check TEXT COMMAND...: the command's exit status is the verdict.
check() {
  local text=$1
  shift
  if "$@"; then pass "$text"; else fail "$text"; fi
}

# check_equal TEXT EXPECTED ACTUAL
check_equal() {
  if [[ $2 == "$3" ]]; then pass "$1"; else fail "$1: expected '$2', got '$3'"; fi
}

# give_up TEXT: ends a scenario that cannot continue.
give_up() {
  fail "$*"
  finish
}
