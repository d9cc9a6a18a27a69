# shellcheck shell=bash
# The actions and checks of an operator on a director with systemd, and the traffic through A.

UNIT=ipvs-syncd.service
SETTINGS_FILE=/etc/ipvs-sync/appsettings.json
DROP_IN=/run/systemd/system/$UNIT.d
VIP=10.1.0.100
VIP_HEX=0A010064

now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

# seconds MILLISECONDS: prints them as seconds, with one decimal.
seconds() { echo "$(($1 / 1000)).$(($1 % 1000 / 100)) s"; }

# typed NAME COMMAND: runs a command of an operator there, and shows the time it took by the host's clock.
typed() {
  local begin status
  begin=$(now_ms)
  on "$1" "$2" >"$OUT/said"
  status=$?
  check "$1# $2   ($(seconds $(($(now_ms) - begin))))" test "$status" = 0
  ((status == 0)) || say_lines <"$OUT/said"
}

# state NAME PROPERTY: prints a property of the unit.
state() { on "$1" "systemctl show -P $2 $UNIT"; }

# span_ms NAME FROM TO: prints the time between two moments of the unit, by the machine's clock.
span_ms() { echo $((($(state "$1" "$3TimestampMonotonic") - $(state "$1" "$2TimestampMonotonic")) / 1000)); }

# journal NAME [OPTION]...: prints the daemon's own lines.
journal() { on "$1" "journalctl -q -u $UNIT _COMM=ipvs-syncd -o cat ${*:2}"; }

# check_journal TEXT NAME OPTIONS WORDS: the words appear within five seconds.
check_journal() {
  if until_on "$2" 5 "journalctl -q -u $UNIT _COMM=ipvs-syncd -o cat $3 | grep -qF -- ${4@Q}"; then
    pass "$1"
  else
    fail "$1: '$4' is not in the journal"
    journal "$2" -n 5 | say_lines
  fi
}

# configure NAME JSON
configure() { on "$1" "printf '%s\n' ${2@Q} >$SETTINGS_FILE"; }

process_field() { on "$1" "sed -n 's/^$2:[[:space:]]*//p' /proc/$(state "$1" MainPID)/status"; }

# check_ready NAME: the unit is active, and the journal has the ready line.
check_ready() {
  check_equal "$1: the unit is active" active "$(state "$1" ActiveState)"
  check_journal "$1: the journal has 'ready:', priority 6" "$1" '-p 6..6' 'ready: role Both, 1 lane(s) on vec0'
}

# make_traffic_path: creates the client and the real server as namespaces of A. B has the service, too, and receives the connections.
make_traffic_path() {
  on A 'ip -batch - <<END
netns add client
netns add server
link add front type veth peer name eth0 netns client
link add back type veth peer name eth0 netns server
addr add 10.1.0.2/24 dev front
addr add 10.1.0.100/32 dev front
addr add 10.3.0.2/24 dev back
link set front up
link set back up
END
ip -n client -batch - <<END
addr add 10.1.0.1/24 dev eth0
link set eth0 up
END
ip -n server -batch - <<END
addr add 10.3.0.11/24 dev eth0
link set eth0 up
route add default via 10.3.0.2
END
echo 1 >/proc/sys/net/ipv4/ip_forward
mkfifo /run/orders
ip netns exec server /root/ipvs-lab server --address 10.3.0.11 --port 80 <>/run/orders >/run/server.out 2>&1 &'
}

make_service() { on "$1" "ipvsadm -A -t $VIP:80 -s rr && ipvsadm -a -t $VIP:80 -r 10.3.0.11:80 -m"; }

# open_connections FIRST-PORT: opens 50 connections a second for two seconds, and keeps them open.
open_connections() {
  on A "ip netns exec client /root/ipvs-lab client --to $VIP --port 80 --rate 50 --seconds 2 --first-port $1 --out /run/client-$1.json <>/run/orders >/run/client-$1.out 2>&1 &"
  until_on A 20 "grep -q stopped /run/client-$1.out"
}

# connections NAME: prints the connections of the service in its kernel.
connections() { on "$1" "awk '\$4 == \"$VIP_HEX\" { print \$1, \$2, \$3, \$4, \$5, \$6, \$7, \$8 }' /proc/net/ip_vs_conn | sort"; }

# check_crossed TEXT AT-LEAST: A has at least this many connections, and B has the same.
check_crossed() {
  local tries a b count
  for ((tries = 0; tries < 20; tries++)); do
    a=$(connections A) b=$(connections B)
    [[ $a == "$b" ]] && break
    sleep 0.25
  done
  count=$(grep -c . <<<"$a")
  check "$1: $count connections, the same in both kernels" test "$count" -ge "$2" -a "$a" = "$b"
  [[ $a == "$b" ]] || diff <(echo "$a") <(echo "$b") | head -n 5 | say_lines
}
