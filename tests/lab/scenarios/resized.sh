# The kernel's table is resized without end while it is listed: the start snapshot and verify read again or say so, and report nothing false
# Needs: daemon
# Table bits: 16
# Settings: COUNT (connections from before the start).
: "${COUNT:=20000}"

FACTOR=/proc/sys/net/ipv4/vs/conn_lfactor

# says_truth FILE: whether the output of verify says that the table was resized, or that as many are missing as are not known.
says_truth() { grep -q 'resized its table' "$1" || { ((known < there)) && grep -qx "missing in table: $((there - known))" "$1"; }; }

# resize EVERY-MS: makes the kernel of A grow and shrink its table, until it is ended.
resize() {
  # shellcheck disable=SC2016
  start_in A bash -c 'while :; do for factor in -8 4; do echo $factor >"$1" && sleep "$2"; done; done' - "$FACTOR" "$1"
  RESIZING=$STARTED
}

new_run resized/1/1
if ! in_ns A test -e "$FACTOR"; then
  say "  skipped: this kernel's table has a fixed size"
  pass 'nothing to see here'
  return
fi

say "$COUNT connections of B's own are in its kernel, and come to A by its kernel's backup"
echo 67108864 >/proc/sys/net/core/rmem_max
set_sysctls A sync_sock_size=67108864
sync_kernel A backup
in_ns A "$PROBE" absorb --count "$COUNT" --timeout-seconds 30 >"$RUN_DIR/absorb.txt" &
in_ns B "$PROBE" burst --to "$GROUP" --port "$SYNC_PORT" --from "${LINK_ADDRESS[B]}" --service "$VIP" --service-port "$PORT" \
  --destination "${FRONT_ADDRESS[r1]}" --destination "${FRONT_ADDRESS[r2]}" --count "$COUNT" >"$RUN_DIR/burst.txt"
wait $!
there=$(entries A | wc -l)
check "they are there: $there" test "$there" -ge $((COUNT * 9 / 10))
in_ns A ipvsadm --stop-daemon backup

for pace in 0.02 0.5; do
  say "resized every $pace s"
  resize $pace
  sync_ours A
  sleep 8
  known=$(ask A status | sed -n 's/^table: \([0-9]*\) connections.*/\1/p')
  if grep -q 'was resized during each' "$(ours_log A)"; then
    say "  it knows $known of $there, and says that the table was resized whenever it was read"
    pass 'what is missing is said'
  else
    check "all of them are known: $known" test "$known" -ge "$there"
  fi
  ask A verify >"$RUN_DIR/verify.txt"
  status=$?
  say_lines < <(head -n 3 "$RUN_DIR/verify.txt")
  # A listing that nothing disturbed shows what the start could not read, and nothing else.
  if ((status != 0)); then check 'verify says that the table was resized, or just what the start has missed' says_truth "$RUN_DIR/verify.txt"; fi
  kill "$RESIZING"
  ours_stop A
  check_equal 'exit status' 0 $?
done
echo -4 | in_ns A tee "$FACTOR" >/dev/null
sync_ours A
sleep 3
check_equal 'at rest, all of them are known' "$there" "$(ask A status | sed -n 's/^table: \([0-9]*\) connections.*/\1/p')"
check 'and verify agrees' ask A verify
ours_stop A
