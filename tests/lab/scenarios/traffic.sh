# The sync traffic of 200 busy connections: the kernel's sync and ours, with and without persistence, by threshold and by time
# Needs: judge
# Settings: COLUMNS (threshold/period/refresh period), PERSISTENCE (seconds), SYNC, SECONDS_EACH (how long messages are counted), CONNECTIONS,
# EXCHANGE_MS (between two exchanges of a connection), ADDRESSES (of clients).
: "${COLUMNS:=3/100/0 3/100/1000}" "${PERSISTENCE:=0 360}" "${SYNC:=kernel ours}" "${SECONDS_EACH:=60}" "${CONNECTIONS:=200}" "${EXCHANGE_MS:=100}"
: "${ADDRESSES:=20}"

OPENING_SECONDS=4
SETTLING_SECONDS=4 # a kernel master keeps a lone record for up to 3 s
FIRST_CLIENT=10.1.0.121

# client_addresses: adds the addresses of the clients. Each has one template.
client_addresses() {
  local n
  for ((n = 0; n < ADDRESSES; n++)); do echo "addr add 10.1.0.$((${FIRST_CLIENT##*.} + n))/24 dev front"; done | ip -n client -batch -
}

# persistent NAME SECONDS
persistent() { in_ns "$1" ipvsadm -E -t "$VIP:$PORT" -s rr -p "$2"; }

# traffic_sync kernel|ours THRESHOLD PERIOD REFRESH: uses the same settings for both. Ours keeps its defaults for all others.
traffic_sync() {
  local name
  if [[ $1 == kernel ]]; then
    for name in A B; do set_sysctls "$name" "sync_threshold=$2 $3;sync_refresh_period=$4;sync_retries=0"; done
    sync_kernel B backup && sync_kernel A master
  else
    # shellcheck disable=SC2086
    for name in B A; do sync_ours $name "SyncThreshold=$2" "SyncPeriod=$3" "SyncRefreshPeriod=$4" SyncRetries=0 ${OURS:-}; done
  fi
}

# keys NAME: prints the keys of the service's live connections and templates.
keys() { entries "$1" | awk '$9 > 0 { print $1, $2, $3, $4, $5, $6, $7 }' | sort; }

# check_alive TEXT TEMPLATES: no connection or template of A's kernel is missing on B, and A has the expected number.
check_alive() {
  local missing count
  keys A >"$RUN_DIR/A.keys"
  keys B >"$RUN_DIR/B.keys"
  missing=$(comm -23 "$RUN_DIR/A.keys" "$RUN_DIR/B.keys" | wc -l)
  count=$(awk '$3 != "0000"' "$RUN_DIR/A.keys" | wc -l)/$(awk '$3 == "0000"' "$RUN_DIR/A.keys" | wc -l)
  check_equal "$1: of $count connections and templates none is missing on B" "$CONNECTIONS/$2: 0" "$count: $missing"
}

# count_traffic: counts in one window of steady load.
count_traffic() {
  order client begin
  order wire begin
  sleep "$SECONDS_EACH"
  quit wire
  order client end
}

# start_packets: records the packets of A. forecast THRESHOLD PERIOD REFRESH PERSISTENCE: calculates what the embedded director would send for them.
start_packets() { start_controlled packets A packets --interface front --service "$VIP" --port "$PORT" --out "$RUN_DIR/packets.bin"; }

forecast() {
  local directory=${RUN_DIR%/*}/simulator
  quit packets || give_up "the packets were not counted: $(tail -n 1 "$RUN_DIR/packets.out")"
  mkdir -p "$directory"
  "$JUDGE" traffic --packets "$RUN_DIR/packets.bin" --window "$RUN_DIR/wire.json" --service "$VIP" --threshold "$1" --period "$2" --refresh "$3" \
    --persistence "$4" --out "$directory/wire.json" >"$directory/judge.txt" 2>&1 || give_up "no forecast: $(tail -n 1 "$directory/judge.txt")"
  rm "$RUN_DIR/packets.bin"
}

# traffic_run SYNC THRESHOLD PERIOD REFRESH PERSISTENCE
traffic_run() {
  local name templates=0
  new_run "$2-$3-$4/$5/$1"
  client_addresses
  if (($5 > 0)); then
    for name in A B; do persistent $name "$5"; done
    templates=$ADDRESSES
  fi
  traffic_sync "$@"
  start_servers
  start_wire
  [[ $1 == kernel ]] && start_packets
  start_clients $((CONNECTIONS / OPENING_SECONDS)) --count "$CONNECTIONS" --exchange-every-ms "$EXCHANGE_MS" --from $FIRST_CLIENT --from-count "$ADDRESSES"
  await client stopped
  sleep $SETTLING_SECONDS
  count_traffic
  check_alive "$2 $3, refresh $4, persistence $5, $1" "$templates"
  [[ $1 == kernel ]] && forecast "${@:2}"
  quit client
  bed_down
}

# require RULE TEXT [OPTION]...
require() {
  check "$2" "$PROBE" report traffic "$RESULTS" --require "$1" "${@:3}" >"$RESULTS/$1.txt"
  say_lines <"$RESULTS/$1.txt"
}

say "$CONNECTIONS connections from $ADDRESSES addresses, an exchange each $EXCHANGE_MS ms; messages are counted for $SECONDS_EACH s"
for column in $COLUMNS; do
  IFS=/ read -r threshold period refresh <<<"$column"
  for seconds in $PERSISTENCE; do
    for sync in $SYNC; do traffic_run "$sync" "$threshold" "$period" "$refresh" "$seconds"; done
  done
done
"$PROBE" report traffic "$RESULTS" >"$RESULTS/table.txt"
say_lines <"$RESULTS/table.txt"
require sound 'the load was carried in every run' --exchanges-at-least $((CONNECTIONS * 950 / EXCHANGE_MS))
[[ $SYNC == *kernel* ]] && require simulator 'the simulator predicts what the kernel sends, within 5 % in messages and bytes'
if [[ $SYNC == *ours* && $SYNC == *kernel* ]]; then
  require no-more 'ours sends no more messages and bytes than the kernel in any column'
  [[ "$COLUMNS " == *'/0 '* && $PERSISTENCE =~ [1-9] ]] && require ten-times 'ours sends ten times less for the persistent service under a packet threshold'
fi
