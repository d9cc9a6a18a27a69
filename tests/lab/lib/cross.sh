# shellcheck shell=bash
# The main promise: B's kernel has the same connections as A's, and they outlive A.

# until_equal SECONDS COMMAND-1 COMMAND-2: waits until both print the same. They must print something: two empty tables prove nothing.
until_equal() {
  local tries first
  for ((tries = 0; tries < $1 * 4; tries++)); do
    first=$($2)
    [[ -n $first && $first == "$($3)" ]] && return 0
    sleep 0.25
  done
  [[ -n $first ]] || echo 'there is nothing to compare'
  diff <($2) <($3)
  return 1
}

table_A() { table A; }
table_B() { table B; }
destinations_A() { destinations A; }
destinations_B() { destinations B; }

# synced_share NAME: prints how many of the service's entries came by synchronisation, and how many there are.
synced_share() { entries "$1" ip_vs_conn_sync | awk '{ all++ } $9 == "SYNC" { synced++ } END { print synced + 0 " of " all + 0 }'; }

# all_of NAME: prints what synced_share prints if all entries of NAME have come so. A kernel passes over an entry when another one ends while it lists
# them, so a single reading may lack one.
all_of() {
  local count
  count=$(table "$1" | wc -l)
  echo "$count of $count"
}
all_A() { all_of A; }
all_B() { all_of B; }
synced_B() { synced_share B; }

# strangers NAME: prints the synchronised entries of other services.
strangers() { in_ns "$1" awk -v vip="$VIP_HEX" 'NR > 1 && $4 != vip && $9 == "SYNC"' /proc/net/ip_vs_conn_sync; }

# check_crossing LABEL RATE SECONDS [OPTION]...: opens connections through A, compares both kernels, kills A, and tests every connection through B.
check_crossing() {
  local label=$1 rate=$2
  start_servers
  start_wire
  start_clients "$rate" --seconds "$3" "${@:4}"
  await client stopped
  check 'keys, addresses and states are the same in both kernels' until_equal 6 table_A table_B
  check 'destinations, forwarding methods and counts of active connections are the same' until_equal 2 destinations_A destinations_B
  check 'every entry of B came by synchronisation' until_equal 2 all_A synced_B
  check_equal 'nothing else came by synchronisation' '' "$(strangers B)"
  say "        $(table A | wc -l) connections; B: $(destinations B | tr '\n' ';')"
  crash
  failover
  check_new_connections
  quit wire
  say_lines < <("$PROBE" report run "$RUN_DIR")
  check 'every connection continues through B' "$PROBE" report crash "$RESULTS" --reset-at-most "$label=0"
}

# check_new_connections: B balances the connections after the failover.
check_new_connections() {
  local before
  before=$(table B | wc -l)
  start_controlled later client client --to "$VIP" --port "$PORT" --rate 20 --first-port 40000 --seconds 1 --out "$RUN_DIR/later.json"
  await later stopped
  sleep 0.2
  check 'B accepts new connections' test "$(table B | wc -l)" -gt "$before"
  quit later
}
