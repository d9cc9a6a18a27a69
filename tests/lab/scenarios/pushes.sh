# A long life of the pusher in short time: a push per millisecond under constant traffic; the kernel's table, our memory and our descriptors do not grow
# Needs: daemon
# Settings: SECONDS_EACH (length of the observation), SETTLE (seconds before it), EXCHANGE_MS (between the exchanges of a client).
: "${SECONDS_EACH:=20}" "${SETTLE:=10}" "${EXCHANGE_MS:=10}"

PUSH_HEX=C0000201

# pushed: prints the number of packets that the private service has received so far.
pushed() { in_ns A ipvsadm -Ln --exact --stats -t 192.0.2.1:9 | awk '$1 == "TCP" { print $4 }'; }

# held: prints the connections and templates of the private service. kept: prints the kB of the kernel's slab memory.
held() { in_ns A awk -v vip=$PUSH_HEX '$4 == vip' /proc/net/ip_vs_conn; }
kept() { awk '$1 == "Slab:" { print $2 }' /proc/meminfo; }

descriptors() { find "/proc/${OURS_PID[A]}/fd" -mindepth 1 | wc -l; }

new_run pushes/1/1
sync_ours A Kernel:PushIntervalMs=1
start_servers
start_clients 20 --count 20 --exchange-every-ms "$EXCHANGE_MS"
sleep "$SETTLE"
check_equal 'every client has opened its connections' 20 "$(entries A | wc -l)"
before=("$(pushed)" "$(held | wc -l)" "$(kept)" "$(ours_resident A)" "$(descriptors)")
say "  after $SETTLE s: $((before[0] / 12)) pushes, ${before[1]} private entries, ${before[2]} kB of the kernel's, ${before[3]} kB of ours, ${before[4]} descriptors"
sleep "$SECONDS_EACH"
after=("$(pushed)" "$(held | wc -l)" "$(kept)" "$(ours_resident A)" "$(descriptors)")
pushes=$(((after[0] - before[0]) / 12))
say "  $SECONDS_EACH s later: $pushes pushes more, ${after[1]} private entries, ${after[2]} kB of the kernel's, ${after[3]} kB of ours, ${after[4]} descriptors"
check 'it pushed all the time' test "$pushes" -ge $((SECONDS_EACH * 10))
check_equal 'no more private entries in the kernel' "${before[1]}" "${after[1]}"
check 'no more than 512 kB of the kernel'\''s memory' test $((after[2] - before[2])) -le 512
check 'no more than 512 kB of memory' test $((after[3] - before[3])) -le 512
check_equal 'no more descriptors' "${before[4]}" "${after[4]}"
quit client
ours_stop A
check_equal 'after a stop its service is gone' '' "$(in_ns A ipvsadm -Sn | grep 192.0.2.1)"
check_equal 'and its entries expire within a minute and ten seconds' '' "$(held | awk '$NF > 70')"
bed_down
