# shellcheck shell=bash
# Sync links that lose, drop or are cut, and what both directors then know of each other.

need_netem() { modprobe -d "$MODULES" -a sch_netem sch_tbf || give_up 'netem or tbf does not load'; }

# lossy NAME PERCENT [DEVICE]: what the director sends on the sync network is lost by chance, each datagram for itself: tbf cuts bundles of segmented
# sends, which netem would lose or keep as a whole.
lossy() {
  in_ns "$1" tc qdisc add dev "${3:-sync}" root handle 1: tbf rate 1gbit burst 2000 latency 1s
  in_ns "$1" tc qdisc add dev "${3:-sync}" parent 1:1 netem limit 10000 loss "$2%"
}

# part_link LINK on|off: parts A from B on this link. Both keep their carrier, so nothing tells them.
part_link() { printf 'link set %s type bridge_slave isolated %s\n' "$1-A" "$2" "$1-B" "$2" | ip -batch -; }

# keys NAME: prints client address and port of each connection.
keys() { entries "$1" | awk '{ print $2, $3 }' | sort; }

# missing [OWNER] [BACKUP]: prints how many of A's connections B does not have, or of others.
missing() { comm -23 <(keys "${1:-A}") <(keys "${2:-B}") | wc -l; }

# until_complete SECONDS [OWNER] [BACKUP]: waits until nothing is missing, and sets MISSING and WAITED_MS. OWNER must have connections.
until_complete() {
  local begun now
  begun=$(clock_ms)
  while :; do
    MISSING=$(missing "${2:-A}" "${3:-B}")
    now=$(clock_ms)
    WAITED_MS=$((now - begun))
    ((MISSING == 0)) && [[ -n $(keys "${2:-A}" | head -n 1) ]] && return 0
    ((WAITED_MS >= $1 * 1000)) && return 1
    pause 0.1
  done
}

clock_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

# within SECONDS COMMAND [ARGUMENT]...: repeats the command until it succeeds or the time is over; its status is that of the last time.
within() {
  local end=$(($(clock_ms) + $1 * 1000))
  until "${@:2}"; do
    (($(clock_ms) < end)) || return 1
    pause 0.2
  done
}

# ask NAME COMMAND [OPTION]...: prints the daemon's answer.
ask() { in_ns "$1" "$DAEMON" "${@:2}" --config "$(run_directory "$1")/appsettings.json" 2>&1; }

# state NAME FILTER: prints a value of the daemon's state.
state() { ask "$1" status --json | jq -r "$2"; }

# said NAME PATTERN: prints how many lines of the daemon's log match. until_said NAME PATTERN COUNT SECONDS: waits for so many.
said() { grep -cE "$2" "$(ours_log "$1")"; }

until_said() {
  local tries
  for ((tries = 0; tries < $4 * 10; tries++)); do
    (($(said "$1" "$2") >= $3)) && return 0
    pause 0.1
  done
  return 1
}

# said_ms NAME PATTERN: prints when the daemon wrote the first such line, on the clock of clock_ms.
said_ms() {
  local time
  read -r time _ < <(grep -m 1 -E "$2" "$(ours_log "$1")") && date -d "$time" +%s%3N
}

# fragments NAME: prints how many fragments its kernel has made.
fragments() { in_ns "$1" awk '/^Ip:/ { for (i = 1; i <= NF; i++) if ($i == "FragCreates") column = i; value = $column } END { print value }' /proc/net/snmp; }
