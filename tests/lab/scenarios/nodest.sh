# Real servers go and come where connections end with their server (expire_nodest_conn, expire_quiescent_template): B has what A has, and no ghosts
# Needs: daemon
# Settings: KINDS (of sync), FLOWS (of UDP), COUNT (TCP connections), AWAY (seconds without the server).
: "${KINDS:=kernel-tuned ours}" "${FLOWS:=40}" "${COUNT:=60}" "${AWAY:=12}"

UDP_PORT=5300
STICKY_PORT=5301

# server -a|-d|-e OPTION...: changes the first real server of a service on both directors.
server() { for name in A B; do in_ns "$name" ipvsadm "$1" "$2" "$VIP:$3" -r "10.1.0.11:$3" "${@:4}"; done; }

# udp_service PORT [OPTION]...: adds a service of UDP with both real servers on both directors.
udp_service() {
  local name
  for name in A B; do
    in_ns "$name" ipvsadm -A -u "$VIP:$1" -s rr "${@:2}"
    for last in 11 12; do in_ns "$name" ipvsadm -a -u "$VIP:$1" -r "10.1.0.$last:$1" -g; done
  done
}

# start_flows PORT NUMBER: opens flows, each with a packet every 0.2 s. Nobody answers.
start_flows() {
  # shellcheck disable=SC2016
  start_in client bash -c '
    for ((flow = 0; flow < $3; flow++)); do exec {descriptor}<>"/dev/udp/$1/$2" && all+=("$descriptor"); done
    while :; do
      for descriptor in "${all[@]}"; do echo x >&"$descriptor"; done
      sleep 0.2
    done' - "$VIP" "$1" "$2" 2>/dev/null
  FLOWS_PID=$STARTED
}

# lives NAME PROTOCOL PORT: prints client port and real server of the connections.
lives() { entries "$1" | awk -v protocol="$2" -v port="$(printf '%04X' "$3")" '$1 == protocol && "x" $5 == "x" port { print $3, $6 }' | sort; }

# at LAST-BYTE NAME PROTOCOL PORT: prints how many of them have this real server.
at() { lives "${@:2}" | grep -c "$(printf '0A0100%02X$' "$1")"; }

# same KIND WHAT PROTOCOL PORT: says how many B has as A has them. Ours must have all; a pair of kernels is there to be compared with.
same() {
  local all both
  all=$(lives A "$3" "$4" | wc -l)
  both=$(comm -12 <(lives A "$3" "$4") <(lives B "$3" "$4") | wc -l)
  say "  $1, $2: A $all, B $(lives B "$3" "$4" | wc -l), the same $both"
  [[ $1 == ours ]] || return 0
  check "ours, $2: B has each of A's, on the same real server" test "$both" = "$all"
  check_equal "ours, $2: B has no other" "$all" "$(lives B "$3" "$4" | wc -l)"
}

for kind in $KINDS; do
  new_run "$kind"
  for name in A B; do set_sysctls "$name" 'expire_nodest_conn=1;expire_quiescent_template=1'; done
  udp_service "$UDP_PORT"
  udp_service "$STICKY_PORT" -p 360
  sync_pair "$kind"

  start_flows "$UDP_PORT" "$FLOWS"
  sleep 5
  same "$kind" 'flows of UDP' UDP "$UDP_PORT"
  server -d -u "$UDP_PORT"
  sleep 5
  say "  $kind: on the other server: A $(at 12 A UDP "$UDP_PORT"), B $(at 12 B UDP "$UDP_PORT")"
  same "$kind" 'flows of UDP after the move' UDP "$UDP_PORT"
  sleep $((AWAY - 5))
  server -a -u "$UDP_PORT" -g
  sleep 8
  same "$kind" 'flows of UDP when the server is back' UDP "$UDP_PORT"
  kill "$FLOWS_PID"

  start_servers
  start_clients 60 --count "$COUNT" --seconds 5
  await client stopped
  sleep 4
  same "$kind" 'TCP' TCP "$PORT"
  server -d -t "$PORT"
  sleep "$AWAY"
  same "$kind" 'TCP without the server' TCP "$PORT"
  server -a -t "$PORT" -g
  sleep 8
  same "$kind" 'TCP when the server is back' TCP "$PORT"
  for name in A B; do in_ns "$name" ipvsadm -D -t "$VIP:$PORT"; done
  sleep 5
  for name in A B; do printf '%s\n' "-A -t $VIP:$PORT -s rr" "-a -t $VIP:$PORT -r 10.1.0.11:$PORT -g" "-a -t $VIP:$PORT -r 10.1.0.12:$PORT -g" | in_ns "$name" ipvsadm --restore -n; done
  sleep 8
  same "$kind" 'TCP when the service was made again' TCP "$PORT"
  quit client

  start_flows "$STICKY_PORT" 1
  sleep 4
  first=$(lives A UDP "$STICKY_PORT" | awk '$1 == "0000" { print $2 }')
  last=$((16#${first: -2}))
  for name in A B; do in_ns "$name" ipvsadm -e -u "$VIP:$STICKY_PORT" -r "10.1.0.$last:$STICKY_PORT" -g -w 0; done
  kill "$FLOWS_PID"
  sleep 2
  start_flows "$STICKY_PORT" 1
  sleep 12
  say "  $kind, template after weight 0: A $(lives A UDP "$STICKY_PORT" | tr '\n' ';') B $(lives B UDP "$STICKY_PORT" | tr '\n' ';')"
  if [[ $kind == ours ]]; then
    other=$([[ $last == 11 ]] && echo 0A01000C || echo 0A01000B)
    check "ours: A's client has another template" grep -q "^0000 $other" < <(lives A UDP "$STICKY_PORT")
    check "ours: B has it" grep -q "^0000 $other" < <(lives B UDP "$STICKY_PORT")
    check_equal "ours: nothing was said to be lost" '' "$(grep -h 'would be lost' "$(ours_log A)" "$(ours_log B)")"
    for name in A B; do check "ours: verify on $name agrees" grep -q ': 100 %' < <(in_ns "$name" "$DAEMON" verify --config "$(run_directory "$name")/appsettings.json" 2>&1); done
    ours_stop B
    ours_stop A
  fi
  kill "$FLOWS_PID"
  bed_down
done
