# Policy and version change on SIGHUP while connections arrive: the kernel follows, no connection is missing, and a stop restores the old settings
# Needs: daemon

# reload NAME WORD KEY=VALUE...: writes another configuration, sends SIGHUP, and checks the daemon's answer in its log.
reload() {
  ours_config "$1" "${@:3}"
  kill -HUP "${OURS_PID[$1]}"
  check "$2" said "$1" "$2"
}

# said NAME WORD: whether the log contains the word within two seconds.
said() {
  local tries
  for ((tries = 0; tries < 40; tries++)); do
    grep -q "$2" "$(ours_log "$1")" && return 0
    sleep 0.05
  done
  return 1
}

policy() { in_ns A bash -c 'cd /proc/sys/net/ipv4/vs && cat sync_threshold sync_refresh_period sync_retries sync_version' | tr '\t\n' '  '; }

new_run reload/50/1
before=$(footprint A)
sync_pair ours
check_equal 'the policy of the kernel at the start' '0 0 20 1 1 ' "$(policy)"
start_servers
start_wire
start_clients 50
sleep 1
reload A 'Reloaded: version 0, threshold 0 1, refresh period 5 s, retries 2' SyncVersion=0 SyncThreshold=0 SyncPeriod=1 SyncRefreshPeriod=5 SyncRetries=2
check_equal 'the policy of the kernel after the first reload' '0 1 5 2 1 ' "$(policy)"
sleep 2
reload A 'Reloaded: version 1, threshold 0 0, refresh period 60 s, retries 1' SyncVersion=1
check_equal 'and after the second' '0 0 20 1 1 ' "$(policy)"
reload A 'Not reloaded, all is as before' SyncVersion=1 SyncPeriode=3
reload A 'hold after a restart' SyncVersion=1 Ttl=4
order client stop
await client stopped
check 'keys, addresses and states are the same in both kernels' until_equal 6 table_A table_B
say "        $(table A | wc -l) connections"
quit wire
# wire NAME: prints a number from the result of the wire probe.
wire() { sed -nE "s/.*\"$1\": *([0-9]+).*/\1/p" "$RUN_DIR/wire.json"; }
say "        $(wire datagrams) messages, $(wire version0) of them of version 0"
check 'messages of both versions were on the wire' test "$(wire version0)" -gt 10 -a "$(wire version0)" -lt "$(wire datagrams)"
check_equal 'none is malformed' 0 "$(wire malformed)"
quit client
ours_stop A
check_equal 'exit status' 0 $?
check_unchanged A "$before"
