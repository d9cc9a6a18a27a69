# A kernel backup that comes late, when all connections are idle: what it holds from a kernel's master, and from ours after resync and IdleRefreshPeriod
# Needs: daemon
# Settings: COUNT (connections), IDLE_FOR (seconds before the backup comes), WAIT (seconds until it is counted), IDLE_PERIOD.
: "${COUNT:=2000}" "${IDLE_FOR:=65}" "${WAIT:=30}" "${IDLE_PERIOD:=20}"

# held WHERE TEXT: sets HELD to the number of A's connections and templates that a director has, and says it.
held() {
  HELD=$(comm -12 <(keys A) <(keys "$1") | wc -l)
  say "  $2: $HELD of $CARRIED"
}

# open_idle: opens the connections, which then say nothing, and waits until nothing of them is pending.
open_idle() {
  local name
  for name in A B; do in_ns "$name" ipvsadm -E -t "$VIP:$PORT" -s rr -p 3600; done
  start_servers
  start_controlled idle client client --to "$VIP" --port "$PORT" --first-port 20000 --rate 600 --count "$COUNT" --silent --out "$RUN_DIR/idle.json"
  await idle stopped
  sleep "$IDLE_FOR"
  CARRIED=$(keys A | wc -l)
  check "A carries them all, and a template" test "$CARRIED" -gt "$COUNT"
}

ask() { in_ns A "$DAEMON" "$@" --config "$(run_directory A)/appsettings.json" >>"$RUN_DIR/answers.txt" 2>&1; }

say "$COUNT connections, idle for $IDLE_FOR s"
new_run kernel/1
kernel_sysctls A tuned && kernel_sysctls B tuned && sync_kernel A master 44
open_idle
sync_kernel B backup
sleep "$WAIT"
held B "a kernel's master, tuned, $WAIT s after the backup came"
check "the kernel's master tells none of the idle ones" test "$HELD" -lt "$COUNT"
quit idle
bed_down

new_run ours/1
bed_third
in_ns C ipvsadm -E -t "$VIP:$PORT" -s rr -p 3600
sync_ours A
open_idle
sync_kernel B backup
sleep "$WAIT"
held B "ours, nothing done, $WAIT s after the backup came"
check 'resync --kernels is accepted' ask resync --kernels
sleep 5
held B 'ours, 5 s after resync --kernels'
check_equal 'B holds all after resync --kernels' "$CARRIED" "$HELD"
grep -hE 'Telling everything|Told' "$(ours_log A)" | say_lines

ours_config A "IdleRefreshPeriod=$IDLE_PERIOD"
check 'reload is accepted' ask reload
in_ns C ipvsadm --start-daemon backup --mcast-interface sync --syncid 0
sleep $((IDLE_PERIOD + 2))
held C "ours, IdleRefreshPeriod $IDLE_PERIOD, one period after another backup came"
check_equal 'C holds all after one period' "$CARRIED" "$HELD"
quit idle
bed_down
