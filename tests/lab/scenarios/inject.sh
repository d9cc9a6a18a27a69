# 200,000 new connections in one burst, through the daemon into a kernel with its default socket buffer: all arrive, at no less than half the kernel's own rate
# Needs: daemon
# Table bits: 18
# Settings: COUNT (connections), RUNS (of each kind), LEAST_PERCENT (of the rate of the kernel by itself).
: "${COUNT:=200000}" "${RUNS:=3}" "${LEAST_PERCENT:=50}"

LARGE=67108864

# What ours touches at start, memory for as many connections as the kernel's table has places, takes 0.8 s in this bed.
SETTLING=3

# An idle daemon has some 22 MB; that memory is some 20 more.
READY_KB=35000

# burst LABEL: from A's sync address to the group; prints nothing. BURST_MS and BURST_THERE are what came of it in B.
burst() {
  local start there
  in_ns B "$PROBE" absorb --count "$COUNT" --patience-seconds 20 >"$RUN_DIR/absorb.txt" &
  start=$(in_ns A "$PROBE" burst --to "$GROUP" --port "$SYNC_PORT" --from "${LINK_ADDRESS[A]}" --service "$VIP" --service-port "$PORT" \
    --destination "${FRONT_ADDRESS[r1]}" --destination "${FRONT_ADDRESS[r2]}" --count "$COUNT")
  wait $!
  read -r BURST_THERE there <<<"$(tail -n 1 "$RUN_DIR/absorb.txt")"
  BURST_MS=$(((there - start) / 1000000))
  say "  $1: $BURST_THERE of $COUNT there after $BURST_MS ms"
}

# lost NAME: messages that the daemon says were lost on the way into the kernel.
lost() { sed -n 's/.* injected: lost [0-9]* message(s) (\([0-9]*\) since start.*/\1/p' "$(ours_log "$1")" | tail -n 1; }

median() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

# The kernel by itself, with a buffer that holds the whole burst.
kernel_run() {
  new_run "inject/kernel/$1"
  echo $LARGE >/proc/sys/net/core/rmem_max
  set_sysctls B "sync_sock_size=$LARGE"
  sync_kernel B backup
  burst "kernel's own backup, large buffer"
  echo "$BURST_MS" >>"$RESULTS/kernel.ms"
  check_equal 'the kernel by itself has taken all, so its time is a measure' "$COUNT" "$BURST_THERE"
  bed_down
  echo 212992 >/proc/sys/net/core/rmem_max
}

# check_all TEXT: everything is there, however long it took.
check_all() { check_equal "$1" "$COUNT" "$BURST_THERE"; }

ours_run() {
  new_run "inject/ours/$1"
  sync_ours B
  pause $SETTLING
  check_equal 'the kernel has its default buffer' '212992 0' "$(</proc/sys/net/core/rmem_default) $(in_ns B cat /proc/sys/net/ipv4/vs/sync_sock_size)"
  check "memory is ready for as many connections as the kernel's table has places: $(ours_resident B) kB" test "$(ours_resident B)" -ge $READY_KB
  burst 'through ipvs-syncd, default buffer'
  echo "$BURST_MS" >>"$RESULTS/ours.ms"
  check_all 'every connection is in the kernel'
  ours_stop B
  bed_down
}

# Somebody else's datagrams at the kernel's socket make it drop ours: what was lost is injected again.
drops_run() {
  new_run "inject/drops/$1"
  sync_ours B
  in_ns B ip route add 224.0.0.0/4 dev lo
  # Ahead of the kernel's thread, which would read each datagram before the next one is there.
  in_ns B nice -n -5 "$PROBE" garbage --to "$GROUP" --port 28848 --count 400000 --seed "$SEED" --flood &
  local flood=$!
  burst 'while the kernel'\''s socket is flooded'
  kill "$flood" 2>/dev/null
  wait "$flood" 2>/dev/null
  check_all 'every connection is in the kernel in spite of drops'
  ours_stop B
  DROPS=$(lost B)
  bed_down
}

# On a machine that is busy otherwise the flood may come too slowly for the kernel to drop anything, which proves nothing: once more then.
DROPS=0
drops() {
  local try
  for try in 1 2 3; do
    drops_run $try
    ((${DROPS:-0} == 0)) || break
  done
  check "the kernel did drop messages: ${DROPS:-0}" test "${DROPS:-0}" -gt 0
}

for ((run = 1; run <= RUNS; run++)); do
  kernel_run $run
  ours_run $run
done
kernel=$(median <"$RESULTS/kernel.ms")
ours=$(median <"$RESULTS/ours.ms")
say "  medians: kernel $kernel ms, ours $ours ms: $((kernel * 100 / ours)) % of the kernel's rate"
check "ours takes them at no less than $LEAST_PERCENT % of the rate of the kernel by itself" test $((ours * LEAST_PERCENT)) -le $((kernel * 100))
drops
