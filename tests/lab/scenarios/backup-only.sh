# net.ipv4.vs.backup_only on directors that are also real servers: the active one balances, the role follows keepalived, and the connections survive
# Needs: daemon
# Settings: COUNT (of connections).
: "${COUNT:=40}"

EXAMPLES=$LAB/../../deploy/keepalived
printf '#!/bin/sh\nexit 0\n' >/run/lab/bin/logger && chmod 755 /run/lab/bin/logger

# notify NAME STATE: what keepalived does when the state of the director changes.
notify() {
  in_ns "$1" env PATH="/run/lab/bin:$PATH" IpvsSync__ControlSocket="$(run_directory "$1")/run/control.sock" \
    IPVS_SYNCD_STATE="$(run_directory "$1")/state" sh "$EXAMPLES/ipvs-syncd-notify" "$2"
}

# served_bed LABEL: B is the second real server, beside r1. As long as it is the standby, its kernel must pass packets to its own server.
served_bed() {
  local name
  new_run "$1/40/1"
  for name in A B; do
    in_ns $name ipvsadm -C
    printf '%s\n' "-A -t $VIP:$PORT -s rr" "-a -t $VIP:$PORT -r 10.1.0.11:$PORT -g" "-a -t $VIP:$PORT -r 10.1.0.3:$PORT -g" | in_ns $name ipvsadm --restore
    set_sysctls $name backup_only=1
  done
  in_ns B bash -c 'for conf in all front; do echo 1 >/proc/sys/net/ipv4/conf/$conf/arp_ignore; echo 2 >/proc/sys/net/ipv4/conf/$conf/arp_announce; done'
  in_ns B ip addr add "$VIP/32" dev lo
  start_controlled server-r1 r1 server --address "$VIP" --port "$PORT"
  start_controlled server-B B server --address "$VIP" --port "$PORT"
}

# opened: prints how many of COUNT attempts through A are answered.
opened() {
  local try answered=0
  for ((try = 0; try < COUNT / 2; try++)); do
    in_ns client timeout 1 bash -c ": </dev/tcp/$VIP/$PORT" 2>/dev/null && ((answered += 1))
  done
  echo "$answered"
}

# survive: A dies, B becomes the active one with COMMAND, and every connection is tested. Sets SURVIVED.
survive() {
  crash
  "$@"
  failover
  SURVIVED=$(grep -oh '"fate":"Survived"' "$RUN_DIR/client.json" | wc -l)
  say "  $SURVIVED of $COUNT survive"
}

kernel_takes_over() {
  in_ns B ipvsadm --stop-daemon backup
  sync_kernel B master
}

say 'a pair of kernels, with the daemons that keepalived would run'
served_bed kernels
sync_kernel A master && sync_kernel B backup
start_clients 40 --count "$COUNT" --exchange-every-ms 250
await client stopped
sleep 4
say "  $(opened) of $((COUNT / 2)) attempts are answered"
survive kernel_takes_over
bed_down

say 'ours, both with the shipped role'
served_bed shipped
sync_ours B && sync_ours A
grep -h backup_only "$(ours_log A)" | say_lines
check 'the log warns' grep -q 'WRN.*backup_only' "$(ours_log A)"
check 'status says so' grep -q backup_only < <(ask A status)
ask A check-config | say_lines
check 'check-config says so' grep -q backup_only < <(ask A check-config)
check_equal 'its kernel runs no backup' master "$(daemon_roles A)"
notify B backup
check_equal 'the standby runs one' backup "$(daemon_roles B)"
check_equal 'the active director balances' $((COUNT / 2)) "$(opened)"
bed_down

say 'ours, the role follows keepalived'
served_bed follows
sync_ours B && sync_ours A
notify B backup
notify A primary
check_equal 'A runs no backup' master "$(daemon_roles A)"
start_clients 40 --count "$COUNT" --exchange-every-ms 250
await client stopped
check "B's kernel has what A's has" until_equal 6 table_A table_B
check_equal 'the active director balances' $((COUNT / 2)) "$(opened)"
say 'the daemons restart, and systemd repeats what keepalived has said'
for name in A B; do
  ours_stop $name
  ours_start $name
  ours_ready $name
  notify $name again
done
check_equal 'A is the active director again' master "$(daemon_roles A)"
check_equal 'B is the standby again' backup "$(daemon_roles B)"
check "B's kernel has what A's has" until_equal 6 table_A table_B
check_equal 'the active director balances' $((COUNT / 2)) "$(opened)"
survive notify B primary
check_equal 'every connection survives' "$COUNT" "$SURVIVED"
check_equal 'B runs no backup any more' master "$(daemon_roles B)"
check 'verify on B agrees' grep -q ': 100 %' < <(ask B verify)
start_controlled later client client --to "$VIP" --port "$PORT" --rate 20 --first-port 40000 --seconds 1 --out "$RUN_DIR/later.json"
await later stopped
check 'B accepts new connections' test "$(grep -oc . <(entries B))" -gt "$COUNT"
quit later
bed_down

say 'ours, the setting changes while the daemon runs'
served_bed changes
for name in A B; do set_sysctls $name backup_only=0; done
before=$(footprint A)
sync_ours A
check_equal 'off: the kernel runs both' 'backup master' "$(daemon_roles A)"
set_sysctls A backup_only=1
sleep 2.5
check_equal 'on: it runs no backup' master "$(daemon_roles A)"
check 'the log warns' grep -q 'WRN.*backup_only' "$(ours_log A)"
set_sysctls A backup_only=0
sleep 2.5
check_equal 'off again: it runs both' 'backup master' "$(daemon_roles A)"
ours_stop A
check_equal 'exit status' 0 $?
check_unchanged A "$before"
