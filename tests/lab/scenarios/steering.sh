# Changes of role while connections arrive, then reload and stop by command: kernel daemons and sysctls match the role
# Needs: daemon
# Host tools: keepalived:keepalived shellcheck:shellcheck
# The examples for keepalived are tested on the host first: host/steering.sh.
EXAMPLES=$LAB/../../deploy/keepalived

# asked STATUS WORDS NAME ARGUMENT...: shows the daemon's answer, and checks it.
asked() {
  local status said
  said=$(ask "${@:3}")
  status=$?
  say "\$ ipvs-syncd ${*:4} # on $3"
  say_lines <<<"$said"
  check_equal '  exit status' "$1" $status
  check "  it says: $2" grep -qF -- "$2" <<<"$said"
}

# example NAME SCRIPT ARGUMENT...: runs a script for keepalived, as root on that director.
example() {
  in_ns "$1" env PATH="/run/lab/bin:$PATH" IpvsSync__ControlSocket="$(run_directory "$1")/run/control.sock" sh "$EXAMPLES/$2" "${@:3}"
}

# told_all SECONDS TEXT: B's kernel has the same connections as A's.
told_all() {
  check "$2" until_equal "$1" table_A table_B
  say "        $(table A | wc -l) connections"
}

# There is no system log in the lab.
printf '#!/bin/sh\nexit 0\n' >/run/lab/bin/logger && chmod 755 /run/lab/bin/logger

new_run steering/50/1
before=$(footprint A)
before_sysctls=$(sysctls A)
sync_ours B Role=Backup && sync_ours A Role=Master
check_equal 'A starts as a master' master "$(daemon_roles A)"
start_servers
start_clients 50
sleep 1

say 'changes of role while connections arrive'
asked 0 'role Both, it was Master; Master after a restart' A role both
check_equal 'A runs both' 'backup master' "$(daemon_roles A)"
asked 0 'role Backup, it was Both' A role backup
check_equal 'A runs a backup' backup "$(daemon_roles A)"
check_equal 'its sysctls have their old values' "$before_sysctls" "$(sysctls A)"
check_equal 'the private service of the pusher is gone' '' "$(in_ns A ipvsadm -Sn | grep 192.0.2.1)"
check_equal 'and its interface' '' "$(in_ns A ip -o link | grep ipvspush0)"
sleep 1.5
untold=$(($(table A | wc -l) - $(table B | wc -l)))
check "new connections are not sent now: $untold connections" test "$untold" -gt 40
asked 0 'role Both, it was Backup' A role both
asked 0 'role Master, it was Both' A role master
check_equal 'A runs a master again' master "$(daemon_roles A)"
sleep 1
order client stop
await client stopped
told_all 6 'B has the connections of A from before, during and after that time'
check 'every entry of B came by synchronisation' until_equal 2 all_B synced_B

say 'a refused request changes nothing'
asked 2 'master' A role primary
in_ns A ipvsadm --start-daemon backup --mcast-interface sync
asked 1 'A sync daemon of somebody else already runs in this kernel' A role both
asked 0 'role Master' A -s
check_equal 'the other daemon still runs together with our master' 'backup master' "$(daemon_roles A)"
in_ns A ipvsadm --stop-daemon backup
start_controlled later client client --to "$VIP" --port "$PORT" --rate 20 --first-port 40000 --seconds 1 --out "$RUN_DIR/later.json"
await later stopped
told_all 6 'and the master continues'

say 'the gate and the script for keepalived'
asked 0 'ready: ' A ready
check_equal 'the gate is open' 0 "$(cat "$(run_directory A)/run/gate")"
for pair in 'primary:backup master' 'fault:backup' 'backup:backup' 'primary:backup master'; do
  check "keepalived calls ${pair%%:*}" example A ipvs-syncd-notify "${pair%%:*}"
  check_equal "  A runs ${pair#*:}" "${pair#*:}" "$(daemon_roles A)"
done
quit later

say 'the reload answers'
ours_config A Role=Master SyncRefreshPeriod=5 Ttl=4
asked 0 '  SyncRefreshPeriod 5, it was 60' A reload
asked 0 '  Ttl 4, it was 1' A reload
check_equal 'the kernel has it' 5 "$(in_ns A cat /proc/sys/net/ipv4/vs/sync_refresh_period)"
ours_config A Role=Master SyncRefreshPeriod=5 SyncRetries=9
asked 2 'Not reloaded, all is as before:' A reload
ours_config A Role=Master SyncRefreshPeriod=5

say 'other commands'
check_equal 'top --json: as many updates as --count says' 3 "$(ask A top --json --count 3 --interval 0.2 | grep -c '"role":"Both"')"
count_A() { table A | wc -l; }
count_B() { table B | wc -l; }
own_A() { ask A -i --json | wc -l; }
others_B() { ask B -e --json | wc -l; }
check '-i on A: its own connections' until_equal 2 count_A own_A
check_equal '-e on A: no connection of a peer' 0 "$(ask A -e --json | wc -l)"
check '-e on B: all' until_equal 2 count_B others_B
quit client
asked 0 '' A -k
wait "${OURS_PID[A]}"
check_equal 'exit status of the daemon' 0 $?
check_unchanged A "$before"
check_no_leftovers A
asked 1 'No daemon answers at' A -k
