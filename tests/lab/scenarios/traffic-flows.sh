# NAT, direct routing and tunnel, IPv4 and IPv6: connections exchange data through A, A dies, and all of them exchange data again through B
# Needs: daemon
# Settings: COUNT (connections of each case), RATE (a second).
: "${SYNC:=none}" "${COUNT:=50}" "${RATE:=50}"

# The client also has addresses outside the network. Real servers reach them only by their default route, through the director, as NAT requires.
REMOTE=10.3.0.1
REMOTE6=fd00:3::1
CASES=(nat4 direct4 tunnel4 nat6 direct6 tunnel6)
declare -A VIRTUAL=([nat4]=10.1.0.101 [direct4]=10.1.0.102 [tunnel4]=10.1.0.103 [nat6]=fd00:1::101 [direct6]=fd00:1::102 [tunnel6]=fd00:1::103)
declare -A METHOD=([nat]=Masq [direct]=Route [tunnel]=Tunnel)
declare -A OPTION=([nat]=-m [direct]=-g [tunnel]=-i)

# bracketed CASE: prints its virtual service as ipvsadm writes it.
bracketed() { [[ $1 == *6 ]] && echo "[${VIRTUAL[$1]}]:$PORT" || echo "${VIRTUAL[$1]}:$PORT"; }

# ready_ipv6 NAME NUMBER: turns on IPv6, which is off in the bed, and sets the address fd00:1::NUMBER.
ready_ipv6() {
  # shellcheck disable=SC2016
  in_ns "$1" bash -c '
    cd /proc/sys/net/ipv6/conf
    for device in lo front; do echo 0 >$device/accept_dad && echo 0 >$device/disable_ipv6; done
    ip addr add "fd00:1::$1/64" dev front nodad' - "$2"
}

# ready_director NAME: adds the six services, and the route to the client.
ready_director() {
  local case server
  in_ns "$1" bash -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
  printf '%s\n' "route add $REMOTE/32 via ${FRONT_ADDRESS[client]}" "route add $REMOTE6/128 via fd00:1::1" | ip -n "$1" -batch -
  for case in "${CASES[@]}"; do
    echo "-A -t $(bracketed "$case") -s rr"
    for server in 11 12; do
      if [[ $case == *6 ]]; then server="[fd00:1::$server]"; else server=10.1.0.$server; fi
      echo "-a -t $(bracketed "$case") -r $server:$PORT ${OPTION[${case%?}]}"
    done
  done | in_ns "$1" ipvsadm --restore
}

# ready_server NAME NUMBER: adds the virtual addresses on lo or on the end of a tunnel. The kernel's own ip6tnl0 accepts no packets.
ready_server() {
  ip -n "$1" -batch - <<END || give_up "$1 is not ready"
link set tunl0 up
link add from6 type ip6tnl mode ip6ip6 local fd00:1::$2 remote :: dev front
link set from6 up
addr add ${VIRTUAL[direct4]}/32 dev lo
addr add ${VIRTUAL[tunnel4]}/32 dev tunl0
addr add ${VIRTUAL[direct6]}/128 dev lo nodad
addr add ${VIRTUAL[tunnel6]}/128 dev from6 nodad
END
  in_ns "$1" bash -c 'for conf in all tunl0; do echo 0 >/proc/sys/net/ipv4/conf/$conf/rp_filter; done'
}

# way_back ADDRESS ADDRESS6: makes this director the default route of the real servers.
way_back() {
  local server
  for server in r1 r2; do printf '%s\n' "route replace default via $1" "route replace default via $2" | ip -n "$server" -batch -; done
}

# take_addresses NAME: gives it all virtual addresses, but not as source addresses. A real server would drop tunnelled packets that come from one of
# its own addresses.
take_addresses() {
  local case
  for case in "${CASES[@]}"; do
    if [[ $case == *6 ]]; then echo "addr add ${VIRTUAL[$case]}/128 dev front nodad preferred_lft 0"; else echo "addr add ${VIRTUAL[$case]}/32 dev front"; fi
  done | ip -n "$1" -batch -
}

# start_case CASE FIRST-PORT
start_case() {
  local from=()
  [[ $1 == nat4 ]] && from=(--from "$REMOTE")
  [[ $1 == nat6 ]] && from=(--from "$REMOTE6")
  start_controlled "client-$1" client client --to "${VIRTUAL[$1]}" --port "$PORT" --rate "$RATE" --seconds 15 --count "$COUNT" --first-port "$2" \
    --out "$RUN_DIR/client-$1.json" "${from[@]}"
}

# counted CASE COLUMN: prints the sum of a column of B's statistics for the destinations of the case: 3 connections, 4 packets in, 5 packets out.
counted() { in_ns B ipvsadm -Ln --stats --exact -t "$(bracketed "$1")" | awk -v column="$2" '/->/ && !/RemoteAddress/ { sum += $column } END { print sum + 0 }'; }

# bound CASE: prints METHOD and the number of active connections of B's destinations of the case.
bound() { in_ns B ipvsadm -Ln -t "$(bracketed "$1")" | awk '/->/ && !/RemoteAddress/ { active[$3] += $5 } END { for (method in active) print method, active[method] }'; }

# tunnelled DEVICE: prints how many packets the real servers received from this tunnel.
tunnelled() {
  local server
  for server in r1 r2; do in_ns "$server" cat /proc/net/dev; done | awk -v device="$1:" '$1 == device { sum += $3 } END { print sum + 0 }'
}

# fates CASE: prints how many connections ended in which way.
fates() { tr '}' '\n' <"$RUN_DIR/client-$1.json" | sed -nE 's/.*"fate":"([A-Za-z]*)".*/\1/p' | sort | uniq -c | awk '{ print $1, $2 }'; }

# right_way CASE IN OUT: whether B handled the packets as the method does. Replies pass through B only with NAT, and requests arrive from tunnels.
right_way() {
  (($2 >= COUNT)) || return 1
  case $1 in
    nat?) (($3 >= COUNT)) ;;
    direct?) (($3 == 0)) ;;
    tunnel4) (($3 == 0 && $(tunnelled tunl0) - TUNNELLED4 >= COUNT)) ;;
    tunnel6) (($3 == 0 && $(tunnelled from6) - TUNNELLED6 >= COUNT)) ;;
  esac
}

# all_bound CASE: whether all of its connections have reached B. passed CASE: whether B has counted what it handled.
all_bound() { [[ $(bound "$1") == "${METHOD[${1%?}]} $COUNT" ]]; }
passed() { right_way "$1" "$(counted "$1" 4)" "$(counted "$1" 5)"; }

# flowed CASE: whether all of its connections were bound on B with its method, and exchanged data through B as that method does.
flowed() {
  local in out fates
  in=$(counted "$1" 4) out=$(counted "$1" 5) fates=$(fates "$1")
  WORDS="bound on B before the crash: ${BOUND[$1]}; through B: $in packets in, $out out; $fates"
  [[ ${BOUND[$1]} == "${METHOD[${1%?}]} $COUNT" && $fates == "$COUNT Survived" ]] && right_way "$1" "$in" "$out"
}

modprobe -d "$MODULES" -a ipip ip6_tunnel || give_up "the lab's kernel has no tunnels"
new_run traffic-flows
for pair in client:1 A:2 B:3 r1:11 r2:12; do ready_ipv6 "${pair%:*}" "${pair#*:}"; done
printf '%s\n' "addr add $REMOTE/32 dev front" "addr add $REMOTE6/128 dev front nodad" | ip -n client -batch -
for name in A B; do ready_director "$name"; done
ready_server r1 11
ready_server r2 12
way_back 10.1.0.2 fd00:1::2
take_addresses A
sync_ours B && sync_ours A
for name in r1 r2; do start_controlled "server-$name" "$name" server --address :: --port "$PORT"; done

port=10000
for case in "${CASES[@]}"; do
  start_case "$case" "$port"
  port=$((port + 1000))
done
for case in "${CASES[@]}"; do await "client-$case" stopped; done
for case in "${CASES[@]}"; do within 10 all_bound "$case"; done
declare -A BOUND=()
for case in "${CASES[@]}"; do BOUND[$case]=$(bound "$case"); done
crash
TUNNELLED4=$(tunnelled tunl0) TUNNELLED6=$(tunnelled from6)
take_addresses B
way_back 10.1.0.3 fd00:1::3
for name in client r1 r2; do ip -n "$name" neigh flush dev front; done
for case in "${CASES[@]}"; do order "client-$case" retry; done
for case in "${CASES[@]}"; do await "client-$case" retried; done
for case in "${CASES[@]}"; do
  within 8 passed "$case" # the kernel updates its statistics every 2 s
  quit "client-$case"
  if flowed "$case"; then pass "$case: $WORDS"; else fail "$case: $WORDS"; fi
done
