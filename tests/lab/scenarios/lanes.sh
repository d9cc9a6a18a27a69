# Four lanes on both directors: connections cross on all four ports of the sync network, outlive A, and are as fresh as with one lane
# Needs: daemon
# Settings: RATE (connections a second) and SECONDS_EACH (how long they are opened) for the freshness.
: "${RATE:=8}" "${SECONDS_EACH:=6}"
OURS=SyncPorts=4

new_run ours-4-lanes/50/1
sync_pair ours
check_equal 'the sysctl says four ports' 4 "$(in_ns A cat /proc/sys/net/ipv4/vs/sync_ports)"
check_crossing ours-4-lanes 50 4
check 'records came by four ports of the sync network' "$PROBE" report crash "$RUN_DIR" --ports-at-least ours-4-lanes=4
bed_down

# A director with fewer lanes misses the messages on the others, and logs that.
new_run ours-4-and-2-lanes/50/1
sync_ours B SyncPorts=2 && sync_ours A SyncPorts=4
start_servers
start_clients 50 --seconds 4
await client stopped
# Losses and mismatches are reported every 10 s.
check 'B, with two lanes, names the port behind its last one' within 12 grep -q 'A peer sends to port 8850, behind our last lane' "$(ours_log B)"
quit client
bed_down

# Every lane has a record every 500 ms. Without a pusher, a record would wait for the next one, on any machine.
measure_fresh ours-4-lanes-fresh "$RATE" "$SECONDS_EACH"
check "median at most half of 500 ms at $RATE/s, none missing" \
  "$PROBE" report fresh "$RUN_DIR" --median-at-most ours-4-lanes-fresh=250 >"$RESULTS/table.txt"
say_lines <"$RESULTS/table.txt"
