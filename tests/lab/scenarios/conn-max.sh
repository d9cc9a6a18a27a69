# A kernel with fewer places than connections come: what has no room is counted, named and injected when there is room again
# Needs: daemon
: "${COUNT:=100}" "${LIMIT_LOW:=50}"

MAXIMUM=/proc/sys/net/ipv4/vs/conn_max

# until_said SECONDS WORDS: waits until both logs have them.
until_said() {
  local tries
  for ((tries = 0; tries < $1 * 4; tries++)); do
    grep -qE "$2" "$(ours_log A)" && grep -qE "$2" "$(ours_log B)" && return 0
    pause 0.25
  done
  return 1
}

new_run conn-max/20/1
if ! in_ns B test -e "$MAXIMUM"; then
  say "  skipped: this kernel has no limit of connections"
  pass 'nothing to see here'
  return
fi

echo "$LIMIT_LOW" | in_ns B tee "$MAXIMUM" >/dev/null
sync_ours B && sync_ours A
start_servers
start_clients 20 --count "$COUNT" --exchange-every-ms 500
sleep 12
in_kernel=$(table B | wc -l)
say "  B's kernel may have $LIMIT_LOW connections, and has $in_kernel of $(table A | wc -l)"
ask B status >"$RUN_DIR/status.txt"
grep -iE 'table|kernel' "$RUN_DIR/status.txt" | say_lines
grep -h WRN "$(ours_log B)" | say_lines
check "B's kernel has no more than its limit" test "$in_kernel" -le "$LIMIT_LOW"
check 'status counts what had no room' grep -q 'KernelFull' "$RUN_DIR/status.txt"
check 'the log says so' within 5 grep -q 'KernelFull' "$(ours_log B)"
# Directors compare what they have every ten seconds, and report every ten.
check 'both directors are told that their limits differ' until_said 25 'takes [0-9]+ connections .conn_max'

say 'the limit is raised'
echo 1000000 | in_ns B tee "$MAXIMUM" >/dev/null
check 'everything arrives without a restart' until_equal 90 table_A table_B
check 'verify agrees' ask B verify
quit client
