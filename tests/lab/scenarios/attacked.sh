# Faults from outside, each followed by a look at what must still hold: links and addresses that change, forged messages, files, signals, users
# Needs: daemon
# Settings: SIGNALS (SIGHUP storms), FORGED (connections in the flood).
: "${SIGNALS:=3}" "${FORGED:=20000}"

# open_connections FIRST-PORT COUNT: opens them through A, and leaves them open.
open_connections() {
  start_controlled "load-$1" client client --to "$VIP" --port "$PORT" --rate 50 --count "$2" --first-port "$1" --out "$RUN_DIR/load-$1.json"
  await "load-$1" stopped
}

# known NAME FIRST LAST: prints how many connections with a client port in this range its kernel has.
known() {
  entries "$1" | awk -v first="$2" -v last="$3" '{ port = 0; for (i = 1; i <= 4; i++) port = port * 16 + index("0123456789ABCDEF", substr($3, i, 1)) - 1 }
    port >= first && port <= last { count++ } END { print count + 0 }'
}

# until_known NAME FIRST LAST COUNT SECONDS
until_known() {
  local tries
  for ((tries = 0; tries < $5 * 4; tries++)); do
    (($(known "$1" "$2" "$3") >= $4)) && return 0
    pause 0.25
  done
  say "        $(known "$1" "$2" "$3") of $4"
  return 1
}

# make_sync NAME ADDRESS: the sync interface is made again, as by a network manager.
make_sync() {
  bed_link "$1" sync | ip -batch -
  printf '%s\n' "addr add $2/24 dev sync" 'link set sync up mtu 1500' | ip -n "$1" -batch -
}

alive() { kill -0 "${OURS_PID[$1]}" 2>/dev/null; }

new_run attacked/50/1
sync_ours B && sync_ours A
start_servers

say 'the sync interface of the listening director is made again'
open_connections 10000 20
check 'connections cross' until_known B 10000 10019 20 5
ip -n B link del sync
sleep 1
check "status says that it is absent" grep -q 'sync interface sync: absent' < <(ask B status)
make_sync B "${LINK_ADDRESS[B]}"
sleep 2
open_connections 11000 20
check 'those opened 2 s after it is back cross' until_known B 11000 11019 20 5
check_equal 'B has said both changes' 2 "$(said B 'Sync interface sync is (absent|up)')"

say 'the sync interface of the sending director is made again while connections come'
ip -n A link del sync
open_connections 12000 20
make_sync A "${LINK_ADDRESS[A]}"
check 'those opened without an interface cross when it is back' until_known B 12000 12019 20 8

say 'its carrier goes and comes back'
ip link set sync-A down
open_connections 13000 20
ip link set sync-A up
check 'those opened without a carrier cross when it is back' until_known B 13000 13019 20 8

say 'its address changes'
printf '%s\n' "addr del ${LINK_ADDRESS[A]}/24 dev sync" 'addr add 10.2.0.77/24 dev sync' | ip -n A -batch -
sleep 2
open_connections 14000 20
check 'those opened afterwards cross' until_known B 14000 14019 20 5
check 'B names the new address of its peer' grep -q '10\.2\.0\.77' < <(ask B status)
check 'both daemons are alive' eval 'alive A && alive B'

say "a flood of $FORGED forged connections, a forged timeout, and the pusher's own addresses"
ours_stop B
sync_ours B MaxConnections=4000
in_ns A "$PROBE" burst --to "$GROUP" --port "$SYNC_PORT" --from 10.2.0.77 --service 10.66.0.1 --service-port 80 --destination "${FRONT_ADDRESS[r1]}" \
  --count "$FORGED" >"$RUN_DIR/burst.txt"
sleep 2
ask B status >"$RUN_DIR/status.txt"
grep -E '^table|Full' "$RUN_DIR/status.txt" | say_lines
check 'what has no room is counted' grep -qE 'received +Full +[0-9]+' "$RUN_DIR/status.txt"
forged() { in_ns A "$PROBE" forge --to "$GROUP" --port "$SYNC_PORT" --from 10.2.0.77 --client "${FRONT_ADDRESS[client]}" --service "$VIP" --service-port "$PORT" --destination "${FRONT_ADDRESS[r1]}" "$@"; }
ours_stop B
sync_ours B
forged --client-port 999 --timeout 2147483647
sleep 1
expires=$(entries B | awk '$3 == "03E7" { print $9 }')
check "the kernel gets no timeout beyond a day: $expires s" test "${expires:-0}" -gt 0 -a "${expires:-0}" -le 86400
check 'the shortened timeout is said within 10 s' eval 'for try in {1..48}; do [[ $(said B "timeout") -gt 0 ]] && break; pause 0.25; done; [[ $(said B "timeout") -gt 0 ]]'

say 'a stop while the run directory is read-only'
before=$(daemon_count B)
directory=$(run_directory B)/run
mount --bind "$directory" "$directory" && mount -o remount,ro,bind "$directory"
ours_stop B
status=$?
umount "$directory"
check_equal 'exit status 1' 1 "$status"
check_equal "the kernel's daemons are stopped all the same (there were $before)" 0 "$(daemon_count B)"
grep -E 'ERR|WRN' "$(ours_log B)" | tail -n 3 | say_lines
rm -f "$directory"/*

say "SIGHUP from the start to the end, $SIGNALS times"
for ((storm = 1; storm <= SIGNALS; storm++)); do
  ours_config B && ours_start B
  for ((tries = 0; tries < 400; tries++)); do # until its own code runs; before that, the signal has its default action
    has_said "$(ours_log B)" 'started' && break
    pause 0.02
  done
  (while kill -HUP "${OURS_PID[B]}" 2>/dev/null; do :; done) &
  hups=$!
  ours_ready B || give_up 'the daemon did not become ready'
  ours_stop B
  status=$?
  kill "$hups" 2>/dev/null
  wait "$hups" 2>/dev/null
  check_equal "storm $storm: exit status" 0 "$status"
  check_equal "storm $storm: the kernel's daemons are stopped" 0 "$(daemon_count B)"
done

say 'a user of the socket'"'"'s group asks for a stop'
sync_ours B
check_equal 'a user without rights cannot stop the daemon' 1 \
  "$(status_of in_ns B setpriv --reuid 1000 --regid 65534 --clear-groups "$DAEMON" stop --config "$(run_directory B)/appsettings.json")"
check 'it is still alive' alive B
ours_stop B
check_equal 'exit status of B' 0 $?
ours_stop A
check_equal 'exit status of A' 0 $?
check_no_leftovers A
check_no_leftovers B
