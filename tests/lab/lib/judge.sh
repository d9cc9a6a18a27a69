# shellcheck shell=bash
# Runs the judge, which compares the kernel with our code.

# judge TEXT ARGUMENT...: shows its output. Its exit status is the verdict.
judge() {
  local status
  "$JUDGE" "${@:2}" >"$RESULTS/judge-$2.txt" 2>&1
  status=$?
  say_lines <"$RESULTS/judge-$2.txt"
  check "$1" test "$status" = 0
}
