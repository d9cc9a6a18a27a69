# The daemon's reports: status, connections compared with ipvsadm, and verify, which names exactly the entries that a kernel lost
# Needs: daemon
COUNT=100
FIRST_PORT=10000 # the default of the client
REMOVED="$FIRST_PORT $((FIRST_PORT + 7)) $((FIRST_PORT + 42))"
CLOSE=6

# service_lines: prints the bed's own connections from a list in ipvsadm's format, without timers, sorted.
service_lines() { awk -v service="$VIP:$PORT" '$5 == service { $2 = ""; print }' | sort; }

# check_verify NAME STATUS: shows its output, and stores it in verify-NAME.txt.
check_verify() {
  local status
  ask "$1" verify >"$RUN_DIR/verify-$1.txt"
  status=$?
  say "\$ ipvs-syncd verify # on $1"
  say_lines <"$RUN_DIR/verify-$1.txt"
  check_equal "exit status of verify on $1" "$2" "$status"
}

# check_list NAME: compares the daemon's list and the kernel's, as text.
check_list() {
  ask "$1" connections >"$RUN_DIR/connections-$1.txt"
  in_ns "$1" ipvsadm -Lnc >"$RUN_DIR/ipvsadm-$1.txt"
  check_equal "the headings on $1 are ipvsadm's" "$(head -n 2 "$RUN_DIR/ipvsadm-$1.txt")" "$(head -n 2 "$RUN_DIR/connections-$1.txt")"
  check_equal "the list on $1 is ipvsadm's" "$(service_lines <"$RUN_DIR/ipvsadm-$1.txt")" "$(service_lines <"$RUN_DIR/connections-$1.txt")"
  check_equal "$1 lists all connections" $COUNT "$(service_lines <"$RUN_DIR/connections-$1.txt" | wc -l)"
}

# forge_into NAME OPTION...: sends a datagram to the kernel's backup there. The daemon does not see it.
forge_into() {
  in_ns "$1" "$PROBE" forge --to "$GROUP" --port 28848 --from 127.0.0.1 --client "${FRONT_ADDRESS[client]}" --service "$VIP" --service-port "$PORT" \
    --destination "${FRONT_ADDRESS[r1]}" "${@:2}"
}

# client_of SERVER NAME: prints the client port of a connection to that real server that is still in the kernel.
client_of() {
  local hex
  hex=$(entries "$2" | awk -v server="$1" '$6 == server { print $3 }' | sort | tail -n 1)
  echo $((16#$hex))
}

# named KIND NAME: prints the client ports that verify listed for it.
named() { sed -n "s/^$1  *TCP  [0-9.]*:\([0-9]*\) .*/\1/p" "$RUN_DIR/verify-$2.txt" | sort -n | paste -sd ' '; }

new_run verify/50/1
sync_ours B && sync_ours A SyncRefreshPeriod=3600 # what is taken out of B's kernel below is not brought back
check_equal 'only owner and group may use the control socket' 660 "$(stat -c %a "$(run_directory A)/run/control.sock")"
start_servers
start_clients 50 --count $COUNT
sleep 3
check 'connections cross' until_equal 6 table_A table_B

say 'comparison of both tables with their kernels'
for name in A B; do
  check_verify $name 0
  check "verify on $name compared all, and they agree" grep -qx "$COUNT connections compared, $COUNT agree: 100 %" "$RUN_DIR/verify-$name.txt"
  check_list $name
done
say '$ ipvs-syncd connections # on B'
head -n 5 "$RUN_DIR/connections-B.txt" | say_lines
for name in A B; do
  say "\$ ipvs-syncd status # on $name"
  ask $name status >"$RUN_DIR/status-$name.txt"
  say_lines <"$RUN_DIR/status-$name.txt"
  check "status on $name: its table" grep -q "^table: $COUNT connections" "$RUN_DIR/status-$name.txt"
done
check 'status on A: all are its own' grep -qE "^local +TCP +ESTABLISHED +$COUNT\$" "$RUN_DIR/status-A.txt"
check 'status on B: all are a peer'"'"'s' grep -qE "^peer +TCP +ESTABLISHED +$COUNT\$" "$RUN_DIR/status-B.txt"
check_equal 'connections --json has a line for each' $COUNT "$(ask B connections --json | grep -c '^{"protocol":"TCP"')"
check_equal '--origin, --state, --client and --service leave all' $COUNT \
  "$(ask B connections --json --origin peer --state established --client "${FRONT_ADDRESS[client]}" --service "$VIP:$PORT" | wc -l)"
check_equal '--origin local leaves none on B' 0 "$(ask B connections --json --origin local | wc -l)"

say "entries are removed from B's kernel, unknown to the daemon"
for port in $REMOVED; do forge_into B --client-port "$port" --state $CLOSE --timeout 1; done
sleep 2.5
left() { echo $((COUNT - 3)); }
count_B() { table B | wc -l; }
check 'they are gone' until_equal 2 left count_B
check_verify B 1
check_equal 'verify lists exactly these' "$REMOVED" "$(named 'missing in kernel' B)"
check_verify A 0

say "one entry is added to B's kernel and two are changed, unknown to the daemon"
closed=$(client_of 0A01000B B) moved=$(client_of 0A01000C B)
forge_into B --client-port 9
forge_into B --client-port "$closed" --state $CLOSE --timeout 60
forge_into B --client-port "$moved"
check_verify B 1
check_equal 'verify lists the new one' 9 "$(named 'missing in table' B)"
check_equal 'and the closed one' "$closed" "$(named state B)"
check_equal 'and the one with another server' "$moved" "$(named 'real server' B)"
check_equal 'and those from before' "$REMOVED" "$(named 'missing in kernel' B)"
check '--limit 1 lists one of them' grep -qx 'and 5 more (--limit)' <(ask B verify --limit 1)

say 'no daemon, a dead daemon, two daemons'
cp "$(run_directory B)/appsettings.json" "$RUN_DIR/B.json"
sed -i "s#$(run_directory B)/run#$(run_directory A)/run#" "$(run_directory B)/appsettings.json"
ours_stop B
check_equal 'exit status of B' 0 $?
check_no_leftovers B
check 'a second daemon reports that the socket is in use' grep -q 'Another ipvs-syncd answers at' <(ask B run)
check 'A still answers' ask A status
cp "$RUN_DIR/B.json" "$(run_directory B)/appsettings.json"
ask B status | say_lines
check_equal 'without a daemon: exit status' 1 "$(status_of ask B status)"
ours_stop A KILL
ask A status | say_lines
check_equal 'after a kill: exit status' 1 "$(status_of ask A status)"
sync_ours A
check 'the next daemon replaces the dead one' ask A status
ours_stop A
check_no_leftovers A
