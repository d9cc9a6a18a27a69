# Bad input: every fault of a configuration is named, exit status 2; garbage on the sync port is counted and changes nothing
# Needs: daemon
# Every datagram is refused exactly once: it is wrong as a whole, or it announces a single entry, which is refused.
GARBAGE=2000

# refused: prints the number of refusals since the start, from the last line of each reason.
refused() {
  sed -n 's/.* received: refused [0-9]* for \([^ ]*\) (\([0-9]*\) since start.*/\1 \2/p' "$(ours_log B)" |
    awk '{ last[$1] = $2 } END { for (reason in last) sum += last[reason]; print sum + 0 }'
}

new_run bad-input/50/1
before=$(footprint A)
ours_config A SyncThreshhold=3 Port=99999 Interface=nowhere0
for verb in run check-config; do
  in_ns A "$DAEMON" "$verb" --config "$(run_directory A)/appsettings.json" >"$RUN_DIR/$verb.txt" 2>&1
  check_equal "$verb: exit status" 2 $?
  for word in SyncThreshhold Port nowhere0; do check "$verb names $word" grep -q "$word" "$RUN_DIR/$verb.txt"; done
done
say_lines <"$RUN_DIR/run.txt"
check_unchanged A "$before"

say 'garbage on the sync port of B'
sync_ours B && sync_ours A
start_servers
start_clients 50 --count 100
await client stopped
check 'connections cross' until_equal 6 table_A table_B
before=$(table B)
in_ns A ip route add 224.0.0.0/4 dev sync
in_ns A "$PROBE" garbage --to "$GROUP" --port "$SYNC_PORT" --count $GARBAGE --seed "$SEED"
for ((tries = 0; tries < 60; tries++)); do
  (($(refused) < GARBAGE)) || break
  sleep 0.5 # the daemon reports refusals every 10 s
done
check_equal 'the daemon counted every datagram as refused exactly once' $GARBAGE "$(refused)"
table_before() { echo "$before"; }
check 'the table of B is unchanged' until_equal 2 table_before table_B
grep 'refused' "$(ours_log B)" | say_lines
order client quit
start_controlled later client client --to "$VIP" --port "$PORT" --rate 50 --first-port 20000 --seconds 1 --out "$RUN_DIR/later.json"
await later stopped
check 'connections still cross' until_equal 6 table_A table_B
