# A persistence template whose real server is gone: it is told to no peer, and its successor is, in both kernels and both tables
# Needs: daemon
# Settings: SECONDS_EACH (of traffic on the old connection).
: "${SECONDS_EACH:=8}"

# A kernel marks such a template by the real port 65535; up to Linux 6.12 also by the virtual port. Since 7.2 the virtual port stays, so that
# it has the key of its successor (spec, "Kernels": rows 1 to 5).

# ask NAME VERB [OPTION]...
ask() { in_ns "$1" "$DAEMON" "${@:2}" --config "$(run_directory "$1")/appsettings.json" 2>&1; }

# templates NAME: prints the templates of the service in this kernel, with their real servers; dead ones have the port FFFF.
templates() { in_ns "$1" awk -v vip="$VIP_HEX" 'NR > 1 && $4 == vip && $3 == "0000" { print $2, $5, $6, $7 }' /proc/net/ip_vs_conn | sort; }

dead() { templates "$1" | grep -c ' FFFF$'; }

# make_dead: the client's template leads to a real server that is removed; its old connection goes on, and a new one goes to the other server.
make_dead() {
  start_controlled old client client --to "$VIP" --port "$PORT" --rate 20 --count 1 --exchange-every-ms 100 --out "$RUN_DIR/old.json"
  sleep 1
  local server
  server=$(entries A | awk '$3 != "0000" { print $6 }' | head -n 1)
  if [[ $server == 0A01000B ]]; then GONE=10.1.0.11 LEFT=0A01000C; else GONE=10.1.0.12 LEFT=0A01000B; fi
  in_ns A ipvsadm -d -t "$VIP:$PORT" -r "$GONE:$PORT"
  in_ns B ipvsadm -d -t "$VIP:$PORT" -r "$GONE:$PORT"
  start_controlled new client client --to "$VIP" --port "$PORT" --rate 20 --count 1 --first-port 20000 --exchange-every-ms 100 --out "$RUN_DIR/new.json"
  sleep "$SECONDS_EACH"
}

persistent_bed() {
  local name
  new_run "$1/20/1"
  for name in A B; do in_ns "$name" ipvsadm -E -t "$VIP:$PORT" -s rr -p 360; done
  start_servers
}

persistent_bed kernels
kernel_sysctls A tuned && kernel_sysctls B tuned && sync_kernel A master && sync_kernel B backup
make_dead
say "  kernel pair: A has $(dead A) dead template(s), B has $(dead B); B's valid ones: $(templates B | grep -vc ' FFFF$')"
quit old
quit new
bed_down

persistent_bed ours
sync_ours B && sync_ours A
make_dead
say "  ours: A has $(dead A) dead template(s), B has $(dead B); B's valid ones: $(templates B | grep -vc ' FFFF$')"
templates B | say_lines
check "A's kernel has a dead template" test "$(dead A)" -ge 1
check_equal "B's kernel has none" 0 "$(dead B)"
check "B's kernel has its successor" grep -q "$LEFT 0050\$" < <(templates B)
for name in A B; do
  check_equal "the table of $name has no dead template" '' "$(ask $name connections | grep ':65535')"
  check "verify on $name agrees" grep -q ': 100 %' < <(ask $name verify)
  check "the log of $name names no server with port 65535" test "$(grep -c ':65535' "$(ours_log $name)")" = 0
done
check 'A has counted what it left out' grep -q 'DeadTemplate' < <(ask A status)
say 'a director that starts later'
ours_stop B
sync_ours B
sleep 2
ask B connections --state NONE | say_lines
check_equal "its table has no dead template" '' "$(ask B connections | grep ':65535')"
quit old
quit new
