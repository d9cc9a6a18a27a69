# Two firewall marks over one pool of real servers: connections from before the start cross and survive, or a warning says which do not
# Needs: daemon
# Settings: COUNT (of connections for each port).
: "${COUNT:=40}"

modprobe -d "$MODULES" -a sch_ingress cls_flower act_skbedit || give_up 'the modules do not load'

# marks NAME METHOD-14 [OPTION]...: services of marks 13 and 14 with the same real servers in place of the bed's own; port 80 has mark 13, port 81 has 14.
marks() {
  local method=$2
  in_ns "$1" ipvsadm -C
  printf '%s\n' "-A -f 13 -s rr ${*:3}" '-a -f 13 -r 10.1.0.11:0 -g' '-a -f 13 -r 10.1.0.12:0 -g' \
    "-A -f 14 -s rr ${*:3}" "-a -f 14 -r 10.1.0.11:0 $method" "-a -f 14 -r 10.1.0.12:0 $method" | in_ns "$1" ipvsadm --restore
  in_ns "$1" tc qdisc add dev front ingress
  mark "$1" "$PORT" 13
  mark "$1" 81 14
}

mark() { in_ns "$1" tc filter add dev front parent ffff: protocol ip flower dst_ip "$VIP" ip_proto tcp dst_port "$2" action skbedit mark "$3"; }

# marked_bed LABEL METHOD-14 [OPTION]...
marked_bed() {
  local name
  new_run "$1/40/1"
  for name in A B; do marks "$name" "${@:2}"; done
  start_servers
  for name in r1 r2; do start_controlled "other-$name" "$name" server --address "$VIP" --port 81; done
  for name in {201..208}; do in_ns client ip addr add "10.1.0.$name/24" dev front; done
}

# open_connections: COUNT connections of four clients to port 80; with other, half as many of four others to port 81.
open_connections() {
  start_clients 40 --count "$COUNT" --silent --from 10.1.0.201 --from-count 4
  [[ ${1:-} != other ]] || start_controlled client81 client client --to "$VIP" --port 81 --rate 40 --first-port 20000 --count $((COUNT / 2)) --silent \
    --from 10.1.0.205 --from-count 4 --out "$RUN_DIR/client81.json"
  await client stopped
  [[ ${1:-} != other ]] || await client81 stopped
  pause 0.5
}

# survivors: A dies, B takes over, and every connection is tested. Sets SURVIVED.
survivors() {
  local client
  crash
  takeover
  for client in client client81; do [[ ! -p $RUN_DIR/$client.orders ]] || { order $client retry && await $client retried && quit $client; }; done
  SURVIVED=$(grep -oh '"fate":"Survived"' "$RUN_DIR"/client*.json | wc -l)
  say "  $SURVIVED of $(grep -oh '"fate":"' "$RUN_DIR"/client*.json | wc -l) survive"
}

# counts NAME: prints the active connections of each mark's real servers.
counts() { in_ns "$1" ipvsadm -Ln | awk '$1 == "FWM" { mark = $2 } $1 == "->" && mark { print mark, $2, $5 }' | sort; }
counts_A() { counts A; }
counts_B() { counts B; }

# ours_late: starts ours when the connections are there.
ours_late() {
  sync_ours B && sync_ours A
  pause 4
  grep -hE 'Found in|Left out|several' "$(ours_log A)" | say_lines
}

say 'a pair of kernels, started before the connections'
marked_bed kernels -g
kernel_sysctls A tuned && kernel_sysctls B tuned && sync_kernel A master 44 && sync_kernel B backup
open_connections
pause 3
survivors
bed_down

say 'a pair of kernels, started after them'
marked_bed kernels-late -g
open_connections
kernel_sysctls A tuned && kernel_sysctls B tuned && sync_kernel A master 44 && sync_kernel B backup
pause 4
survivors
bed_down

say 'ours, started after them; one mark is in use'
marked_bed one -g
open_connections
ours_late
check 'B has what A has' until_equal 4 table_A table_B
check 'each mark has as many on B' until_equal 2 counts_A counts_B
check "verify on B agrees" grep -q ': 100 %' < <(in_ns B "$DAEMON" verify --config "$(run_directory B)/appsettings.json" 2>&1)
survivors
check_equal 'every connection survives' "$COUNT" "$SURVIVED"
bed_down

say 'ours, started after them; both marks are in use, persistent: the templates tell'
marked_bed persistent -g -p 360
open_connections other
ours_late
check 'B has what A has' until_equal 4 table_A table_B
check 'each mark has as many on B' until_equal 2 counts_A counts_B
survivors
check_equal 'every connection survives' $((COUNT + COUNT / 2)) "$SURVIVED"
bed_down

say 'ours, started after them; both marks are in use, only the counts tell them apart'
marked_bed both -g
open_connections other
ours_late
check 'B has what A has' until_equal 4 table_A table_B
check 'each mark has as many on B' until_equal 2 counts_A counts_B
say 'then B restarts as well'
ours_stop B
sync_ours B
pause 2
check_equal "B finds all in its kernel" $((COUNT + COUNT / 2)) "$(in_ns B "$DAEMON" connections --json --config "$(run_directory B)/appsettings.json" | wc -l)"
check_equal 'and lacks no service' 0 "$(state B .table.unbound)"
survivors
check_equal 'every connection survives' $((COUNT + COUNT / 2)) "$SURVIVED"
bed_down

say 'ours, started after them; the marks have different forwarding methods'
marked_bed methods -i
open_connections
# Nobody answers in a tunnel: the attempts stay in SYN_RECV, and each real server of mark 14 has one.
for _ in 1 2; do in_ns client timeout 1 bash -c ": </dev/tcp/$VIP/81" 2>/dev/null; done
ours_late
check 'a warning says what is left out' grep -q "WRN.*Left out $COUNT connection" "$(ours_log A)"
check 'and names the services' grep -q 'FWM 13.*FWM 14' "$(ours_log A)"
