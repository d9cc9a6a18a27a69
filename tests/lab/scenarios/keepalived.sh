# keepalived moves the address with the shipped configuration: exactly as often as it must while daemons and directors end and come, and nothing is reset
# Needs: daemon keepalived
# Settings: COUNT (connections, half of them idle), SUITES (of keepalived), ADVERTS (version of VRRP / seconds between its advertisements), EXAMPLES (of
# configurations).
: "${COUNT:=100}" "${SUITES:=bookworm trixie}" "${ADVERTS:=2/1 3/0.2}" "${EXAMPLES:=keepalived keepalived-notify}"

# What the second example calls, where keepalived finds nobody else's folder on the way.
cp "$LAB/../../deploy/keepalived/ipvs-syncd-notify" /run/lab/bin/
printf '#!/bin/sh\nexit 0\n' >/run/lab/bin/logger
chmod 755 /run/lab/bin/*

# watch_address NAME: writes down when the address comes and goes.
watch_address() { start_in "$1" ip -o monitor address >>"$RUN_DIR/address-$1"; }

# moves: prints how often the address came to A and to B.
moves() {
  local name came=()
  for name in A B; do came+=("$(grep -v '^Deleted' "$RUN_DIR/address-$name" | grep -c " $VIP/")"); done
  echo "A ${came[0]}, B ${came[1]}"
}

# holds NAME: whether the director has the address.
holds() { ip -n "$1" -o addr show dev front | grep -q " $VIP/"; }

# await_address NAME: waits until the director has it and the other one has not. Sets MOVED_MS.
await_address() {
  local tries other=A begun=$((${EPOCHREALTIME/./} / 1000))
  [[ $1 != A ]] || other=B
  for ((tries = 0; tries < 300; tries++)); do
    holds "$1" && { [[ $DEAD == "$other" ]] || ! holds "$other"; } && break
    pause 0.05
  done
  MOVED_MS=$((${EPOCHREALTIME/./} / 1000 - begun))
}

# check_stays TEXT NAME MOVES: four advertisements later, nothing has moved.
check_stays() {
  sleep "$QUIET"
  check_equal "$1: the address moves" "$3" "$(moves)"
  check "$1: $2 has it" holds "$2"
}

# check_comes TEXT NAME MOVES
check_comes() {
  await_address "$2"
  sleep "$QUIET"
  check "$1: $2 has the address" holds "$2"
  check_equal "$1: it moves" "$3" "$(moves)"
  say "        after $MOVED_MS ms"
}

# gate NAME: prints what its file says.
gate() { cat "$(run_directory "$1")/run/gate" 2>/dev/null; }

# await_gate NAME: waits until it is open.
await_gate() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    [[ $(gate "$1") != 0 ]] || return 0
    pause 0.05
  done
  return 1
}

# prepare NAME: what a director has at its boot.
prepare() {
  [[ $EXAMPLE != keepalived ]] || in_ns "$1" ipvsadm -C # the services are its own
  ! holds "$1" || ip -n "$1" addr del "$VIP/32" dev front
  watch_address "$1"
  ours_config "$1"
  keepalived_config "$1" "$EXAMPLE" "${EDITS[@]}"
}

# start_daemon NAME
start_daemon() {
  ours_start "$1"
  ours_ready "$1" || give_up "ipvs-syncd on $1 did not become ready"
}

# restart NAME SIGNAL: ends the daemon, with or without its knowledge, and starts it after a while.
restart() {
  kill -"$2" "${OURS_PID[$1]}"
  wait "${OURS_PID[$1]}" 2>/dev/null
  sleep "$QUIET"
  start_daemon "$1"
}

# die NAME: its links and all that runs on it end.
die() {
  DEAD=$1
  "$PROBE" cut "front-$1" "${BED_LINKS[@]/%/-$1}" --gap-ms 0 --out "$RUN_DIR/cut.json"
  keepalived_kill "$1"
  kill -KILL "${OURS_PID[$1]}"
  wait "${OURS_PID[$1]}" 2>/dev/null
}

# boot NAME: the machine is there again, with its files and an empty /run, in which the unit of the daemon has made its directory.
boot() {
  bed_reboot "$1"
  DEAD=''
  prepare "$1"
}

# whole_life EXAMPLE SUITE VRRP SECONDS
whole_life() {
  local name role half=$((COUNT / 2))
  EXAMPLE=$1
  keepalived_command "$2"
  EDITS=("s/advert_int .*/advert_int $4/")
  [[ $3 == 2 ]] || EDITS+=("s/^global_defs {/&\n    vrrp_version $3/")
  QUIET=$(awk -v every="$4" 'BEGIN { print (every > 0.5 ? 4 * every : 2) }')
  DEAD=''
  new_run "$1-$2-$3/$4/1"
  say "$1.conf, keepalived $KEEPALIVED_VERSION, VRRP version $3, an advertisement each $4 s"
  # At their own addresses, too: keepalived checks them there.
  for name in r1 r2; do start_controlled "server-$name" "$name" server --address 0.0.0.0 --port "$PORT"; done
  for name in A B; do
    prepare "$name"
    start_daemon "$name"
    keepalived_start "$name"
    # Nobody is there to ask, so it takes a while.
    check "$name starts: its gate opens" await_gate "$name"
  done
  check_comes 'both start' A 'A 1, B 0'
  open_client idle "$half" 10000 --silent
  open_client busy "$half" 20000 --exchange-every-ms 2000

  restart A TERM
  check_stays "A's daemon restarts, as in an upgrade" A 'A 1, B 0'
  restart A KILL
  check_stays "A's daemon crashes, and starts anew" A 'A 1, B 0'
  restart B TERM
  check_stays "B's daemon restarts" A 'A 1, B 0'
  ours_stop A
  check_stays "A's daemon is stopped" A 'A 1, B 0'
  start_daemon A
  check_stays "A's daemon is started" A 'A 1, B 0'
  in_ns A "$DAEMON" resync --config "$(run_directory A)/appsettings.json" >"$RUN_DIR/resync" 2>&1
  check_stays 'A asks for everything once more' A 'A 1, B 0'
  kill -HUP "${KEEPALIVED_PID[A]}"
  check_stays "A's keepalived reads its configuration again" A 'A 1, B 0'
  check "B's kernel has what A's has" until_equal 6 table_A table_B

  die A
  check_comes 'A dies' B 'A 1, B 1'
  open_client later "$half" 40000 --silent
  restart B TERM
  check_stays "B's daemon restarts while it is alone" B 'A 1, B 1'

  boot A
  keepalived_start A
  check_stays 'A boots, and its daemon does not start' B 'A 1, B 1'
  check_equal '  the gate of A is closed' 1 "$(gate A)"
  start_daemon A
  check_comes 'A starts the daemon, and knows' A 'A 2, B 1'
  check_equal '  the gate of A is open' 0 "$(gate A)"
  say "        $(in_ns A "$DAEMON" ready --config "$(run_directory A)/appsettings.json")"
  for role in idle busy later; do test_client "$role"; done
  for role in idle busy later; do check_equal "after failover and failback: $role connections" "$half Survived" "$(fates "$role")"; done

  die A
  check_comes 'A dies again' B 'A 2, B 2'
  boot A
  start_daemon A
  keepalived_start A
  check_comes 'A boots in the order of the units' A 'A 3, B 2'
  die A
  check_comes 'A dies once more' B 'A 3, B 3'
  boot A
  keepalived_start A
  sleep "$QUIET"
  die B
  check_comes 'B dies while the gate of A is closed' A 'A 4, B 3'
  check_equal '  the gate of A is closed' 1 "$(gate A)"
  bed_down
}

for example in $EXAMPLES; do
  for suite in $SUITES; do
    for advert in $ADVERTS; do whole_life "$example" "$suite" "${advert%/*}" "${advert#*/}"; done
  done
done
