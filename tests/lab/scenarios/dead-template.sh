# A persistence template whose real server is gone, and a backup that starts late: no peer is told of it, and its successor crosses
# Needs: daemon
# Settings: SECONDS_EACH (of traffic on the old connection, each time).
: "${SECONDS_EACH:=10}"

# A kernel marks such a template by the real port 65535; up to Linux 6.12 also by the virtual port. Since 7.2 the virtual port stays, so that
# it has the key of its successor, and each message about it makes one more record in a kernel's backup (docs/spec.md, rows 1 to 5 of the kernels).

# templates NAME: prints the templates of the service in this kernel, with their real servers; dead ones have the port FFFF.
templates() { in_ns "$1" awk -v vip="$VIP_HEX" 'NR > 1 && $4 == vip && $3 == "0000" { print $2, $5, $6, $7 }' /proc/net/ip_vs_conn | sort; }

dead() { templates "$1" | grep -c ' FFFF$'; }

# server -a|-d|-e ADDRESS [OPTION]...: changes a real server on both directors.
server() { for name in A B; do in_ns "$name" ipvsadm "$1" -t "$VIP:$PORT" -r "$2:$PORT" "${@:3}"; done; }

# persistent_bed LABEL: a persistent service with one real server, whose templates end when it gets no new connections.
persistent_bed() {
  local name
  new_run "$1/20/1"
  for name in A B; do in_ns "$name" ipvsadm -E -t "$VIP:$PORT" -s rr -p 360 && set_sysctls "$name" expire_quiescent_template=1; done
  server -d 10.1.0.12
  start_servers
}

# start_old: the real server gets the weight 0 while a connection to it goes on. The client's next attempt makes the template a dead one.
start_old() {
  start_controlled old client client --to "$VIP" --port "$PORT" --rate 20 --count 1 --exchange-every-ms 50 --out "$RUN_DIR/old.json"
  sleep 1
  server -e 10.1.0.11 -g -w 0
  in_ns client timeout 1 bash -c ": </dev/tcp/$VIP/$PORT" 2>/dev/null
  check "A's kernel has a dead template" test "$(dead A)" -ge 1
}

# start_successor: the other real server comes back, and the same client connects.
start_successor() {
  server -a 10.1.0.12 -g
  start_controlled new client client --to "$VIP" --port "$PORT" --rate 20 --count 1 --first-port 20000 --exchange-every-ms 50 --out "$RUN_DIR/new.json"
}

has_successor() { grep -q '0A01000C 0050$' < <(templates B); }

say 'a pair of kernels'
persistent_bed kernels
sync_kernel A master
start_old
sync_kernel B backup
sleep "$SECONDS_EACH"
say "  after $SECONDS_EACH s, B has $(dead B) record(s) of it"
quit old
bed_down

say 'ours'
persistent_bed ours
# The kernel's own knobs, with which it speaks of the template again and again.
sync_ours A SyncThreshold=3 SyncPeriod=50 SyncRefreshPeriod=0
start_old
sync_ours B
sleep "$SECONDS_EACH"
say "  after $SECONDS_EACH s, B has $(dead B) record(s) of it"
grep -E 'DeadTemplate' < <(ask A status) | say_lines
check 'A has counted what it left out' grep -q 'DeadTemplate' < <(ask A status)
check_equal "B's kernel has none" 0 "$(dead B)"
start_successor
sleep "$SECONDS_EACH"
templates B | say_lines
check "B's kernel has the successor" has_successor
check_equal "B's kernel still has no dead one" 0 "$(dead B)"
for name in A B; do
  check_equal "the table of $name has no dead template" '' "$(ask $name connections | grep ':65535')"
  check "verify on $name agrees" grep -q ': 100 %' < <(ask $name verify)
  check "the log of $name names no server with port 65535" test "$(grep -c ':65535' "$(ours_log $name)")" = 0
done
quit old
quit new
