# Somebody removes what the daemon has created: its interface, its service, a kernel daemon
# Needs: daemon

NEXT_PORT=10000

# fresh_after LABEL COMMAND...: opens 10 connections a second and runs the command in between. Connections that are opened 3 s later cross as before.
# Those are opened at 2 a second. A kernel without a pusher would hold each for 500 ms, until the next one follows, on any machine.
fresh_after() {
  local RUN_DIR=$RESULTS/$1/2/1
  mkdir -p "$RUN_DIR"
  start_controlled traffic client client --to "$VIP" --port "$PORT" --rate 10 --first-port $NEXT_PORT --seconds 4 --out "$RUN_DIR/traffic.json"
  sleep 1
  "${@:2}"
  await traffic stopped
  check 'the tables are the same' until_equal 4 table_A table_B
  start_watch --from-now
  start_clients 2 --seconds 6 --first-port $((NEXT_PORT + 500))
  NEXT_PORT=$((NEXT_PORT + 1000))
  await client stopped
  sleep 1 # nothing waits longer than this
  quit watch
  quit client
  check "after $1: median at most half of 500 ms, none missing" "$PROBE" report fresh "$RUN_DIR" --median-at-most "$1=250" >"$RUN_DIR/table.txt"
  say_lines <"$RUN_DIR/table.txt"
  order traffic quit
}

delete_interface() { in_ns A ip link del ipvspush0; }

# clear_services: restores the services as from somebody's file, without the daemon's own.
clear_services() {
  local saved
  saved=$(in_ns A ipvsadm -Sn | grep -F "$VIP:$PORT")
  in_ns A ipvsadm -C
  in_ns A ipvsadm -R <<<"$saved"
}

# ends_without NAME ROLE: stops this kernel daemon. Ours cannot continue. It logs the reason and ends, so that systemd can start it again.
ends_without() {
  local tries status
  say "somebody stops the kernel's $2 on $1"
  in_ns "$1" ipvsadm --stop-daemon "$2"
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "${OURS_PID[$1]}" 2>/dev/null || break
    sleep 0.05
  done
  check "the daemon on $1 ends within 5 s" test "$tries" -lt 100
  if ((tries == 100)); then kill -TERM "${OURS_PID[$1]}"; fi
  wait "${OURS_PID[$1]}"
  status=$?
  check "its exit status is not 0: $status" test "$status" -ne 0
  check "its log says that the $2 was stopped" grep -qF "stopped the sync $2 on lo" "$(ours_log "$1")"
  grep -E 'WRN|ERR|CRT|FTL|Exception:' "$(ours_log "$1")" | say_lines
  check_equal 'no kernel daemon is left' '' "$(daemon_roles "$1")"
}

new_run disturbed/10/1
sync_ours B && sync_ours A
start_servers
fresh_after nothing true
fresh_after delete-interface delete_interface
check 'the interface is there again' in_ns A ip link show ipvspush0
fresh_after clear-services clear_services
check "the daemon's own service is there again" grep -q '192.0.2.1:' < <(in_ns A ipvsadm -Sn)

ends_without B backup
sync_ours B
crosses_new() { [[ -n $(table B) && $(table B | wc -l) -gt $1 ]]; }
before=$(table B | wc -l)
start_controlled again client client --to "$VIP" --port "$PORT" --rate 50 --first-port 30000 --seconds 1 --out "$RUN_DIR/again.json"
await again stopped
sleep 1
check 'started again, it receives' crosses_new "$before"
quit again
ends_without A master
