# shellcheck shell=bash
# What the judge says of the kernel and of us.

# judge TEXT ARGUMENT...: its words are said, its exit status is the verdict.
judge() {
  local status generation=before
  [[ $KERNEL == hardened ]] && generation=hardened
  "$JUDGE" "${@:2}" --generation "$generation" >"$RESULTS/judge-$2.txt" 2>&1
  status=$?
  say_lines <"$RESULTS/judge-$2.txt"
  check "$1" test "$status" = 0
}
