# A director dies, the other carries on and opens more, the first boots and takes its address back: every connection lives on, half of them idle
# Needs: daemon
# Settings: SYNC, COUNT (connections, half of them idle), MORE (opened while A is away), MOMENTS (seconds from the takeover to A's boot), WAIT (seconds from
# the boot of a kernel's director until it takes its address back; ours says itself when it is ready).
: "${SYNC:=kernel-tuned ours}" "${COUNT:=10000}" "${MORE:=1000}" "${MOMENTS:=0 1 2 5 10}" "${WAIT:=15}"

# fail_back: the address moves from B to A.
fail_back() {
  ip -n B addr del "$VIP/32" dev front
  ip -n A addr add "$VIP/32" dev front
  ip -n client neigh flush dev front
}

# gate: prints what the gate of A says.
gate() { cat "$(run_directory A)/run/gate" 2>/dev/null; }

# await_gate: waits for A's gate to open, and prints how long it was closed, in ms.
await_gate() {
  local tries begun=$((${EPOCHREALTIME/./} / 1000))
  for ((tries = 0; tries < 600; tries++)); do
    [[ $(gate) == 0 ]] && break
    pause 0.05
  done
  echo $((${EPOCHREALTIME/./} / 1000 - begun))
}

# return_ours: A's daemon starts, and A waits for its gate.
return_ours() {
  local waited
  ours_config A
  ours_start A
  ours_ready A || give_up 'ipvs-syncd on A did not become ready'
  waited=$(await_gate)
  say "  ours: A waited $waited ms for its gate: $(in_ns A "$DAEMON" ready --config "$(run_directory A)/appsettings.json")"
  check_equal 'ours: the gate of A is open' 0 "$(gate)"
}

# restart_alone: only the daemon of A is started anew, in the way that a crash of it would be. A keeps its kernel, its address and its open gate.
restart_alone() {
  kill -KILL "${OURS_PID[A]}"
  wait "${OURS_PID[A]}" 2>/dev/null
  ours_start A
  ours_ready A || give_up 'ipvs-syncd on A did not become ready again'
  check_equal 'ours: a restart of the daemon alone leaves the gate open' 0 "$(gate)"
  check 'ours: and the log says why' grep -q 'The gate is open: kept' "$(ours_log A)"
}

# die SYNC: A is gone, and B carries on. What keepalived does to the kernel's daemons is done to B's.
die() {
  crash
  if [[ $1 == ours* ]]; then
    kill -KILL "${OURS_PID[A]}"
    wait "${OURS_PID[A]}" 2>/dev/null
  else
    in_ns B ipvsadm --stop-daemon backup
    sync_kernel B master 44
  fi
  takeover
}

# come_back SYNC: A boots, and learns what it can.
come_back() {
  bed_reboot A
  if [[ $1 == ours* ]]; then
    return_ours
  else
    kernel_sysctls A tuned
    sync_kernel A backup
    sleep "$WAIT"
  fi
}

# failback_run SYNC MOMENT
failback_run() {
  local half=$((COUNT / 2)) role busy idle more
  new_run "$1/$2/1"
  sync_pair "$1"
  start_servers
  open_client idle "$half" 10000 --silent
  open_client busy "$half" 20000 --exchange-every-ms 10000
  sleep 4 # a kernel master keeps a lone record for up to 3 s
  die "$1"
  sleep "$2"
  open_client more "$MORE" 40000 --silent
  come_back "$1"
  fail_back
  sleep 1
  for role in idle busy more; do test_client "$role"; done
  idle=$(fates idle) busy=$(fates busy) more=$(fates more)
  say "  $1, boot after $2 s: idle $idle; busy $busy; opened meanwhile $more"
  if [[ $1 == ours* ]]; then
    check_equal "ours, $2 s: idle connections" "$half Survived" "$idle"
    check_equal "ours, $2 s: busy connections" "$half Survived" "$busy"
    check_equal "ours, $2 s: connections that B opened" "$MORE Survived" "$more"
    restart_alone
    ours_stop A
    ours_stop B
  fi
  bed_down
}

for sync in $SYNC; do
  for moment in $MOMENTS; do
    failback_run "$sync" "$moment"
    [[ $sync == ours* ]] || break
  done
done
