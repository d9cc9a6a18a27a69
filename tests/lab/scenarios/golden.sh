# What this kernel's master sends for each kind of connection, as captures: the source of the codec's golden vectors
# Settings: CASES. Needs socat and tcpdump on the host. The captures are in the results of the run: golden/*.pcap
: "${SYNC:=none}" "${CASES:=tcp_nat tcp_droute udp sctp template fwmark sip ipv6}"

SYNC_ID=5
REAL_PORT=8080
VIP6=2001:db8:1::100
GOLDEN=$RESULTS/golden
mkdir -p "$GOLDEN"

# services: sets the services of A, instead of the bed's own.
services() { in_ns A ipvsadm --restore; }

# record NAME VERSION TRAFFIC...: runs the traffic with a kernel master on A, and captures its messages.
record() {
  local name=$1 version=$2 dump
  in_ns A bash -c "echo $version >/proc/sys/net/ipv4/vs/sync_version"
  set_sysctls A 'sync_threshold=0 0;sync_refresh_period=10;sync_retries=0'
  in_ns A ipvsadm --start-daemon master --mcast-interface sync --syncid $SYNC_ID
  start_in B tcpdump -Z root -i sync -U -w "$GOLDEN/$name.pcap" udp dst port "$SYNC_PORT"
  dump=$STARTED
  sleep 1
  "${@:3}"
  sleep 4 # a partly filled buffer waits up to 3 s
  kill -INT "$dump"
  wait "$dump"
  check "$name: $(stat -c %s "$GOLDEN/$name.pcap") bytes" test "$(stat -c %s "$GOLDEN/$name.pcap")" -gt 24
  in_ns A ipvsadm --stop-daemon master
  in_ns A ipvsadm --clear
  bed_down
}

# start_echo NAME LISTEN: starts a server that sends back what it receives.
start_echo() { start_in "$1" socat "$2,fork,reuseaddr" EXEC:cat; }

# tcp_life: one connection is opened, used and closed. Another ends with a reset, because its client leaves data unread.
tcp_life() {
  start_echo r1 "TCP-LISTEN:$1"
  start_echo r2 "TCP-LISTEN:$1"
  sleep 0.5
  # shellcheck disable=SC2016
  in_ns client bash -c 'exec 5<>/dev/tcp/$1/$2; echo hello >&5; read -r line <&5; sleep 4; echo again >&5; read -r line <&5; exec 5>&-; sleep 0.5
    exec 5<>/dev/tcp/$1/$2; echo hello >&5; sleep 0.5; exec 5>&-; sleep 0.5' - "$VIP" "$PORT"
}

udp_talk() {
  # shellcheck disable=SC2016
  in_ns client bash -c 'for i in 1 2 3; do echo "hello $i" >/dev/udp/$1/$2; done' - "$VIP" "$1"
}

sip_talk() {
  printf 'INVITE sip:bob@example.net SIP/2.0\r\nCall-ID: a84b4c76e66710@pc33.example.com\r\nCSeq: 1 INVITE\r\n\r\n' |
    in_ns client socat - "UDP-SENDTO:$VIP:5060"
}

sctp_talk() {
  local name
  for name in r1 r2; do
    in_ns "$name" bash -c 'echo none >/proc/sys/net/sctp/cookie_hmac_alg' # this kernel has no hash for it
    start_echo "$name" "SCTP-LISTEN:$1,bind=$VIP"
  done
  sleep 0.5
  in_ns client bash -c "(echo hello; sleep 3) | socat - SCTP:$VIP:$1"
}

# masquerade: the replies pass through A, too, so that it sees both directions of a connection.
masquerade() {
  local name
  for name in r1 r2; do in_ns "$name" ip route add 10.1.0.1/32 via 10.1.0.2; done
}

add_ipv6() {
  local name n=0
  for name in client A r1 r2; do
    n=$((n + 1))
    in_ns "$name" bash -c 'for device in lo front; do echo 0 >/proc/sys/net/ipv6/conf/$device/disable_ipv6; done; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
    in_ns "$name" ip -6 addr add 2001:db8:1::$n/64 dev front nodad
  done
  in_ns A ip -6 addr add $VIP6/128 dev front nodad
  for name in r1 r2; do in_ns "$name" ip -6 addr add $VIP6/128 dev lo nodad; done
}

ipv6_talk() {
  local name
  for name in r1 r2; do start_echo "$name" "TCP6-LISTEN:$PORT"; done
  sleep 1
  in_ns client bash -c "(echo hello; sleep 1) | socat - TCP6:[$VIP6]:$PORT; echo hello | socat - UDP6-SENDTO:[$VIP6]:53"
}

# The cases: services on A, and traffic through them.

case_tcp_nat() {
  masquerade
  services <<END
-A -t $VIP:$PORT -s rr
-a -t $VIP:$PORT -r 10.1.0.11:$REAL_PORT -m
-a -t $VIP:$PORT -r 10.1.0.12:$REAL_PORT -m
END
  record "$1" "$2" tcp_life $REAL_PORT
}

case_tcp_droute() {
  services <<END
-A -t $VIP:$PORT -s rr
-a -t $VIP:$PORT -r 10.1.0.11:$PORT -g
-a -t $VIP:$PORT -r 10.1.0.12:$PORT -g
END
  record "$1" "$2" tcp_life $PORT
}

case_udp() {
  services <<END
-A -u $VIP:53 -s rr
-a -u $VIP:53 -r 10.1.0.11:53 -g
-a -u $VIP:53 -r 10.1.0.12:53 -g
END
  record "$1" "$2" udp_talk 53
}

case_sctp() {
  services <<END
-A --sctp-service $VIP:9000 -s rr
-a --sctp-service $VIP:9000 -r 10.1.0.11:9000 -g
-a --sctp-service $VIP:9000 -r 10.1.0.12:9000 -g
END
  record "$1" "$2" sctp_talk 9000
}

case_template() {
  services <<END
-A -t $VIP:$PORT -s rr -p 360 -M 255.255.255.0
-a -t $VIP:$PORT -r 10.1.0.11:$PORT -g
-a -t $VIP:$PORT -r 10.1.0.12:$PORT -g
END
  record "$1" "$2" tcp_life $PORT
}

case_fwmark() {
  in_ns A tc qdisc add dev front ingress
  in_ns A tc filter add dev front parent ffff: matchall action skbedit mark 7
  services <<END
-A -f 7 -s rr -p 300
-a -f 7 -r 10.1.0.11:0 -g
-a -f 7 -r 10.1.0.12:0 -g
END
  record "$1" "$2" udp_talk 4000
}

case_sip() {
  services <<END
-A -u $VIP:5060 -s rr -p 360 --pe sip
-a -u $VIP:5060 -r 10.1.0.11:5060 -g
-a -u $VIP:5060 -r 10.1.0.12:5060 -g
END
  record "$1" "$2" sip_talk
}

case_ipv6() {
  add_ipv6
  services <<END
-A -t [$VIP6]:$PORT -s rr
-a -t [$VIP6]:$PORT -r [2001:db8:1::3]:$PORT -g
-a -t [$VIP6]:$PORT -r [2001:db8:1::4]:$PORT -g
-A -u [$VIP6]:53 -s rr -p 300 -M 64
-a -u [$VIP6]:53 -r [2001:db8:1::3]:53 -g
-a -u [$VIP6]:53 -r [2001:db8:1::4]:53 -g
END
  record "$1" "$2" ipv6_talk
}

modprobe -d "$MODULES" -a ip_vs_pe_sip sctp sch_ingress cls_matchall act_skbedit || give_up 'the modules do not load'
for version in 0 1; do
  for kind in $CASES; do
    [[ $kind$version == ipv60 ]] && continue # version 0 carries IPv4 only
    RUN_DIR=$RESULTS/runs/$kind-v$version
    mkdir -p "$RUN_DIR"
    bed_up
    in_ns A ipvsadm --clear
    "case_$kind" "${kind//_/-}-v$version" $version
  done
done
