# Whatever becomes of the BPF program, its loader and its reader: both kernels have the same connections, and the pusher runs where it is needed
# Needs: daemon types
# Settings: RESTARTS (daemons that are killed; the kernel has room for 38 programs), FLOOD (connections while the reader stands still; more than the ring has room for).
: "${RESTARTS:=40}" "${FLOOD:=10500}"

need_types

pushes() { ip -n "$1" link show ipvspush0 >/dev/null 2>&1; }
pushes_not() { ! pushes "$1"; }

# crosses TEXT FIRST-PORT COUNT [RATE]: opens connections through A, and waits for them in B's kernel.
crosses() {
  start_controlled "load-$2" client client --to "$VIP" --port "$PORT" --rate "${4:-50}" --count "$3" --first-port "$2" --out "$RUN_DIR/load-$2.json"
  await "load-$2" stopped
  check "$1" until_equal 10 table_A table_B
}

# start_pair TEXT SETTING...: a new bed with daemons that have these settings.
start_pair() {
  new_run "$1"
  sync_ours B "${@:2}" && sync_ours A "${@:2}"
  start_servers
}

say 'nobody loads the program'
start_pair no-loader Kernel:FeedLoader=/run/lab/none.sock
check 'the log says so once' test "$(said A 'no BPF program \(NoLoader\)')" = 1
check 'the pusher runs' pushes A
crosses 'connections cross' 10000 50
ours_stop A && ours_stop B
check_equal 'Kernel:Feed Bpf is refused then, and says why' 1 "$(
  ours_config A Kernel:Feed=Bpf Kernel:FeedLoader=/run/lab/none.sock && ours_start A
  wait "${OURS_PID[A]}"
  said A 'Kernel:Feed is Bpf, and there is no BPF program \(NoLoader\)'
)"
bed_down

say 'the loader lacks the right'
feed_loader setpriv --bounding-set=-sys_admin,-bpf,-perfmon --inh-caps=-all
start_pair denied "Kernel:FeedLoader=$FEED_LOADER"
check 'the log says so once' test "$(said A 'no BPF program \(Denied\)')" = 1
check 'the pusher runs' pushes A
crosses 'connections cross' 10000 50
ours_stop A && ours_stop B
bed_down
kill -KILL "$FEED_LOADER_PID" && rm "$FEED_LOADER"

say 'the program tells'
feed_loader
start_pair told "Kernel:FeedLoader=$FEED_LOADER"
check 'there is no interface and no service of the pusher' pushes_not A
check_equal 'only the operator has services' 1 "$(in_ns A ipvsadm -Ln | grep -c '^TCP')"
check 'ip_vs cannot be unloaded' test "$(awk '$1 == "ip_vs" { print $3 }' /proc/modules)" -gt 0
kill -KILL "$FEED_LOADER_PID"
crosses 'connections cross, though the loader was killed' 10000 200 100
check_confirmed A
say "        $(ask A status | grep '^feed')"

say 'the reader stands still while more connections come than the ring has room for'
kill -STOP "${OURS_PID[A]}"
start_controlled flood client client --to "$VIP" --port "$PORT" --rate 1000 --count "$FLOOD" --first-port 20000 --out "$RUN_DIR/flood.json"
for ((tries = 0; tries < 600; tries++)); do
  has_said "$RUN_DIR/flood.out" stopped && break
  sleep 0.5 # each connection is a record
done
begun=${EPOCHREALTIME/./}
kill -CONT "${OURS_PID[A]}"
for ((tries = 0; tries < 500; tries++)); do
  pushes A && break
  pause 0.01
done
say "        the pusher takes over $(((${EPOCHREALTIME/./} - begun) / 1000)) ms after the reader goes on"
check 'the pusher runs' pushes A
await flood stopped
check 'it says what found no room' until_said A 'found no room' 1 5
check 'connections cross' until_equal 30 table_A table_B
say "        $(ask A status | grep '^feed')"
check 'the daemons stop well' ours_stop A && ours_stop B
bed_down

say "$RESTARTS daemons are killed"
rm "$FEED_LOADER" && feed_loader
start_pair killed Kernel:Feed=Bpf "Kernel:FeedLoader=$FEED_LOADER"
for ((i = 0; i < RESTARTS; i++)); do
  kill -KILL "${OURS_PID[A]}" && wait "${OURS_PID[A]}" 2>/dev/null
  ours_start A
  ours_ready A || give_up "the daemon does not start after $i were killed"
done
check 'each of their programs is gone: another daemon gets one' test "$(feed A kind)" = bpf
crosses 'connections cross' 10000 50
bed_down

say 'the module goes and comes back'
for ((tries = 0; tries < 100; tries++)); do
  # The namespaces of the bed, which use it, end some time after their deletion.
  modprobe -d "$MODULES" -r ip_vs_rr ip_vs 2>/dev/null && break
  pause 0.1
done
check 'it can be unloaded when no daemon runs' test ! -e /sys/module/ip_vs
modprobe -d "$MODULES" -a ip_vs ip_vs_rr || give_up 'ip_vs does not load again'
start_pair loaded-again Kernel:Feed=Bpf "Kernel:FeedLoader=$FEED_LOADER"
crosses 'the same loader serves it, and connections cross' 10000 100
check_confirmed A
ours_stop A && ours_stop B
bed_down

# The kernel cannot be unlocked, so this is the last.
mount -t securityfs none /sys/kernel/security 2>/dev/null
if [[ ! -w /sys/kernel/security/lockdown ]]; then
  say 'this kernel has no lockdown'
  return
fi
for lockdown in integrity confidentiality; do
  say "lockdown=$lockdown"
  echo $lockdown >/sys/kernel/security/lockdown
  start_pair "$lockdown" Kernel:Feed=Bpf "Kernel:FeedLoader=$FEED_LOADER"
  crosses 'connections cross' 10000 100
  check_confirmed A
  ours_stop A && ours_stop B
  bed_down
done
