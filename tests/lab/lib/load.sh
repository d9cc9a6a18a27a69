# shellcheck shell=bash
# Servers, clients and watchers of one run. RUN_DIR is the folder for its results.

declare -A CONTROL=()

# start_controlled ROLE NAMESPACE VERB OPTION...: starts a probe that takes orders. Returns when it is ready.
start_controlled() {
  local role=$1 name=$2 fifo descriptor
  fifo=$RUN_DIR/$role.orders
  mkfifo "$fifo"
  exec {descriptor}<>"$fifo"
  start_in "$name" "$PROBE" "${@:3}" <&"$descriptor" >"$RUN_DIR/$role.out" 2>&1
  CONTROL[$role]=$descriptor
  CONTROL[$role.pid]=$STARTED
  await "$role" ready
}

# await ROLE WORD: waits until the probe has printed the word.
await() {
  local tries
  for tries in {1..1200}; do
    has_said "$RUN_DIR/$1.out" "$2" && return 0
    kill -0 "${CONTROL[$1.pid]}" 2>/dev/null || break
    pause 0.025
  done
  say_lines <"$RUN_DIR/$1.out"
  give_up "$1 did not say $2 (try $tries)"
}

order() { echo "$2" >&"${CONTROL[$1]}"; }

# quit ROLE: makes the probe write its result and end. Returns its exit status.
quit() {
  local descriptor=${CONTROL[$1]} status
  order "$1" quit
  wait "${CONTROL[$1.pid]}"
  status=$?
  exec {descriptor}>&-
  return "$status"
}

start_servers() {
  local name
  for name in r1 r2; do start_controlled "server-$name" "$name" server --address "$VIP" --port "$PORT"; done
}

# start_clients RATE [OPTION]...
start_clients() {
  start_controlled client client client --to "$VIP" --port "$PORT" --rate "$1" --out "$RUN_DIR/client.json" "${@:2}"
}

# open_client ROLE COUNT FIRST-PORT [OPTION]...: a client opens connections, and keeps them open.
open_client() {
  start_controlled "$1" client client --to "$VIP" --port "$PORT" --first-port "$3" --rate 1000 --count "$2" --out "$RUN_DIR/$1.json" "${@:4}"
  await "$1" stopped
}

# test_client ROLE: tests its connections, and ends it.
test_client() {
  order "$1" retry
  await "$1" retried
  quit "$1"
}

# fates ROLE: prints how many of its connections ended in which way.
fates() { tr '}' '\n' <"$RUN_DIR/$1.json" | sed -nE 's/.*"fate":"([A-Za-z]*)".*/\1/p' | sort | uniq -c | awk '{ print $1, $2 }' | paste -sd ' '; }

# start_wire: counts the messages that A sends on the sync network, from its address there or from WIRE_SENDER.
start_wire() {
  start_controlled wire B wire --interface sync --sender "${WIRE_SENDER:-${LINK_ADDRESS[A]}}" --port "$SYNC_PORT" --out "$RUN_DIR/wire.json"
}

# start_watch [OPTION]...: watches B's kernel; an option is --from-now.
start_watch() {
  start_controlled watch B watch --service "$VIP" --service-port "$PORT" --interface sync --sender "${LINK_ADDRESS[A]}" --port "$SYNC_PORT" \
    --out "$RUN_DIR/watch.json" --wire "$RUN_DIR/wire.json" "$@"
}

# measure_fresh SYNC RATE SECONDS [OPTION]...: opens connections for this time, and watches B's kernel.
measure_fresh() {
  local told=''
  new_run "$1/$2/1"
  sync_pair "$1"
  start_servers
  start_watch
  start_clients "$2" --seconds "$3" "${@:4}"
  await client stopped
  sleep 4 # a kernel master keeps a lone record for up to 3 s
  quit watch
  quit client
  [[ $1 != ours* ]] || told=$(ask A status | grep '^feed' | tr -s ' ')
  bed_down
  say "  $1, $2/s: done${told:+. A says: $told}"
}

# new_run PATH: builds a fresh bed, and a folder for its results.
new_run() {
  RUN_DIR=$RESULTS/$1
  mkdir -p "$RUN_DIR"
  bed_up
}

# failover: clients stop opening connections, B takes over, and every connection is tested again.
failover() {
  order client stop
  await client stopped
  takeover
  order client retry
  await client retried
  quit client
}

# random_between LOW HIGH: sets RANDOM_SECONDS. The limits are in milliseconds. SEED determines the sequence.
random_between() {
  local ms=$(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1)))
  RANDOM_SECONDS=$((ms / 1000)).$(printf '%03d' $((ms % 1000)))
}
