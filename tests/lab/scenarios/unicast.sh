# Peers without a group: connections cross to two directors, losses are repaired, strangers are refused, and narrow paths see no fragment
# Needs: daemon
# Settings: PARTS (cross loss stranger narrow router), RATE (connections a second), COUNT (of connections), LOSS (percent).
# The kernel's daemons send to a group only, so there is no kernel pair beside.
: "${PARTS:=cross loss stranger narrow router}" "${RATE:=1000}" "${COUNT:=3000}" "${LOSS:=5}"

# peers NAME...: prints the list of their addresses.
peers() {
  local name text=''
  for name; do text+="${text:+,}\"${LINK_ADDRESS[$name]}\""; done
  echo "[$text]"
}

# unicast NAME PEER...: starts a director that sends to these hosts alone.
unicast() { sync_ours "$1" Group= "Peers=$(peers "${@:2}")"; }

unicast_pair() { unicast B A && unicast A B; }

# open_connections FIRST-PORT: opens COUNT connections through A, and leaves them open.
open_connections() {
  start_controlled "load-$1" client client --to "$VIP" --port "$PORT" --first-port "$1" --rate "$RATE" --count "$COUNT" --silent --out "$RUN_DIR/load-$1.json"
  await "load-$1" stopped
}

# check_complete TEXT SECONDS [BACKUP]
check_complete() {
  until_complete "$2" A "${3:-B}"
  check_equal "$1: missing on ${3:-B}" 0 "$MISSING"
  say "        $(keys A | wc -l) connections; complete after $WAITED_MS ms"
}

# reboot_b: B loses all, and starts anew.
reboot_b() {
  kill -KILL "${OURS_PID[B]}"
  wait "${OURS_PID[B]}" 2>/dev/null
  bed_reboot B
}

part_cross() {
  say 'three directors that send to each other'
  new_run unicast/50/1
  bed_third
  unicast C A B && unicast B A C && unicast A B C
  check_crossing unicast 50 4
  until_complete 5 A C
  check_equal "A's connections that C misses" 0 "$MISSING"
  until_complete 5 B C
  check_equal 'connections that B has opened since, and that C misses' 0 "$MISSING"
  bed_third_down
  bed_down
}

part_loss() {
  local repaired
  say "a link that loses $LOSS % each way, and a backup that boots anew behind it"
  new_run unicast-loss/1/1
  lossy A "$LOSS"
  lossy B "$LOSS"
  unicast_pair
  start_servers
  open_connections 10000
  check_complete 'with losses' 15
  repaired=$(state B '.peers[0].numbers.repaired')
  check "messages were lost and told again: $(state B '.peers[0].numbers.lost'), $repaired" test "$repaired" -gt 0
  ours_stop B
  check 'A says that B refuses while its daemon is away' within 4 b_refuses # each second something leaves, of which each way may lose some; and each second somebody looks
  ours_start B
  reboot_b
  lossy B "$LOSS"
  ours_start B
  ours_ready B || give_up 'ipvs-syncd on B did not become ready'
  check_complete 'after its boot' 15
  bed_down
}

b_refuses() { [[ $(state A '.network.paths[0].state') == refused ]]; }

# strange TARGET: a host that is no peer sends good entries.
strange() {
  in_ns C "$PROBE" burst --to "$1" --port "$SYNC_PORT" --from "${LINK_ADDRESS[C]}" --service "$VIP" --service-port "$PORT" \
    --destination "${FRONT_ADDRESS[r1]}" --count 4000 >/dev/null
}

# unknown COUNT: whether B has refused so many messages of strangers.
unknown() { (($(refused_unknown) >= $1)); }
refused_unknown() { state B '[.stages[].refused.UnknownSource // 0] | add'; }

# check_refused TEXT MESSAGES
check_refused() {
  within 5 unknown "$2"
  check_equal "$1: messages that B refused, UnknownSource" "$2" "$(refused_unknown)"
  check_equal "$1: entries that came into B's kernel" 0 "$(keys B | wc -l)"
  check_equal "$1: entries in B's table" 0 "$(state B .table.connections)"
}

part_stranger() {
  say 'a stranger sends 4000 good entries in 100 messages'
  new_run unicast-stranger/1/1
  bed_third
  unicast_pair
  strange "${LINK_ADDRESS[B]}"
  check_refused 'to the address of B' 100
  strange "$GROUP"
  check_refused 'to a group that B is not in' 100
  ours_stop A
  ours_stop B
  sync_ours B "Peers=$(peers A)" && sync_ours A "Peers=$(peers B)"
  strange "$GROUP"
  check_refused 'to the group, beside which there are peers' 100
  start_servers
  open_connections 10000
  check_complete 'and the peers themselves' 6
  bed_third_down
  bed_down
}

# show_size NAME: prints how large its messages are.
show_size() { state "$1" .network.messageSize; }

part_narrow() {
  local before
  say 'a bridge that drops packets above 1400 bytes, and tells nobody'
  modprobe -d "$MODULES" nf_tables || give_up 'nf_tables does not load'
  new_run unicast-narrow/1/1
  in_ns A ip link set sync gso_max_segs 1 # a virtual bridge lets segments of one pass that no wire would
  in_ns B ip link set sync gso_max_segs 1
  unicast_pair
  start_servers
  sleep 3
  before=$(show_size A)
  nft -f - <<<'table bridge narrow { chain way { type filter hook forward priority 0; meta length > 1400 counter drop; }; }' ||
    give_up 'the bridge cannot drop'
  open_connections 10000
  check_complete 'behind the narrow bridge' 15
  check 'A names the narrow way within 15 s' until_said A 'does not hear messages of' 1 15
  say_lines < <(grep 'does not hear' "$(ours_log A)")
  check_equal "size of A's messages, before $before" 1372 "$(show_size A)"
  open_connections 20000
  check_complete 'more of them' 5
  check_equal 'fragments that A and B have made' '0 0' "$(fragments A) $(fragments B)"
  ours_stop A
  reboot_b
  in_ns B ip link set sync gso_max_segs 1
  unicast_pair
  check_complete 'a backup that boots behind it, while A knows nothing of it yet' 20
  check 'A names the narrow way again' until_said A 'does not hear messages of .* they have 1372 from now on' 1 15
  check_equal 'fragments that they have made since' '0 0' "$(fragments A) $(fragments B)"
  say "        the bridge dropped $(nft list table bridge narrow | sed -nE 's/.*packets ([0-9]+) .*/\1/p') packets"
  nft delete table bridge narrow
  check 'A says when the way is wide again' until_said A 'hears messages of full size' 1 30
  check_equal "size of A's messages then" "$before" "$(show_size A)"
  bed_down
}

part_router() {
  say 'a router with an MTU of 1400, which says so'
  new_run unicast-router/1/1
  bed_third
  in_ns C bash -c 'echo 0 >/proc/sys/net/ipv4/conf/sync/send_redirects'
  ip -n C route add "${LINK_ADDRESS[B]}/32" dev sync mtu lock 1400
  ip -n A route add "${LINK_ADDRESS[B]}/32" via "${LINK_ADDRESS[C]}" dev sync
  unicast_pair
  start_servers
  open_connections 10000
  check_complete 'behind the router' 15
  check 'A has made its messages smaller' until_said A 'Messages to the peers have 1372 bytes' 1 15
  say_lines < <(grep 'Messages to the peers' "$(ours_log A)")
  open_connections 20000
  check_complete 'more of them' 5
  check_equal 'fragments that A and the router have made' '0 0' "$(fragments A) $(fragments C)"
  bed_third_down
  bed_down
}

need_netem
for part in $PARTS; do "part_$part"; done
