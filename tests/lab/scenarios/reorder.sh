# Records are reordered, duplicated and replayed seconds later: no connection in ours goes back, while some in a kernel backup do
# Needs: daemon
# Settings: COUNT (connections of each case), RATE (a second).
: "${SYNC:=none}" "${COUNT:=400}" "${RATE:=100}"
SOURCE=10.2.0.9 # the bridge itself: its messages reach both backups

# A is a kernel master, B is ours, C is a kernel backup. B and C receive the same datagrams in the same order.
modprobe -d "$MODULES" sch_netem || give_up 'netem does not load'
new_run reorder
bed_third
ip addr add "$SOURCE/24" dev sync
kernel_sysctls A tuned
sync_kernel A master 44
sync_kernel C backup
sync_ours B Role=Backup
start_servers

# result NAME KEY: prints a number from the watcher of NAME.
result() { sed -nE "s/.*\"$2\": *([0-9]+).*/\1/p" "$RUN_DIR/states-$1.json"; }

# lives NAME FIRST-PORT [SECONDS]: prints the table of NAME, without connections of other cases and those that expire within SECONDS.
lives() {
  entries "$1" | awk -v low="$(printf '%04X' "$2")" -v high="$(printf '%04X' $(($2 + COUNT)))" -v least="${3:-0}" \
    '"x" $3 >= "x" low && "x" $3 < "x" high && $9 >= least { print $2, $3, $6, $7, $8 }' | sort
}

# apart NAME FIRST-PORT: prints how many of A's connections are missing on NAME, or have another state there.
apart() {
  { lives A "$2" 4 && echo '--' && lives "$1" "$2"; } |
    awk '/^--/ { second = 1; next } { if (second) delete state[$0]; else state[$0] } END { for (line in state) count++; print count + 0 }'
}

# settled NAME FIRST-PORT SECONDS: within SECONDS, NAME has each of A's connections as A has it. One comparison may be wrong: a listing that the
# kernel makes while connections expire leaves others out.
settled() {
  local tries
  for ((tries = 0; tries < 4 * $3; tries++)); do
    (($(apart "$1" "$2") == 0)) && return 0
    sleep 0.25
  done
  diff <(lives A "$2" 4) <(lives "$1" "$2") | head -n 6 | say_lines
  return 1
}

# life LABEL FIRST-PORT [SECONDS]: opens and closes connections while all directors are watched, and for some seconds longer.
life() {
  local name
  for name in A B C; do
    start_controlled "states-$name" "$name" states --service "$VIP" --first-port "$2" --count "$COUNT" --out "$RUN_DIR/states-$name.json"
  done
  start_controlled closer client closer --to "$VIP" --port "$PORT" --rate "$RATE" --count "$COUNT" --first-port "$2"
  await closer stopped
  check "$1: ours has every connection of A in the same state" settled B "$2" 8 # a kernel master keeps a lone record for up to 3 s
  sleep "${3:-0}"
  check "$1: and it stays so" settled B "$2" 2
  say "        of the $(lives A "$2" | wc -l) connections of A, $(apart C "$2") are missing in the kernel backup, or have another state there"
  for name in A B C; do quit "states-$name"; done
  check "$1: all $COUNT connections were opened and closed" quit closer
  say "        seen: $(result A seen) in A, $(result B seen) in ours, $(result C seen) in the kernel backup; went back: $(result A wentBack), $(result B wentBack), $(result C wentBack)"
  check_equal "$1: connections that went back in A" 0 "$(result A wentBack)"
  check_equal "$1: connections that went back in ours" 0 "$(result B wentBack)"
  sed -nE 's/.*"examples": *\[([^]]+)\].*/        \1/p' "$RUN_DIR/states-B.json" | say_lines
  check "$1: in the kernel backup, some went back (otherwise this proves nothing)" test "$(result C wentBack)" -gt 0
  for name in B C; do check "$1: the watcher of $name saw nine in ten" test "$(result "$name" seen)" -ge $((COUNT * 9 / 10)); done
}

# netem [ARGUMENT]...: sets how the datagrams of A are disturbed.
netem() { in_ns A tc qdisc replace dev sync root netem limit 10000 "$@"; }

netem delay 200ms 200ms
# A link shows that it reorders once three messages have certainly overtaken others. Until then the daemon's doubt is for the living: what comes
# after an end is a new life (BackupRules). On a slow machine that takes longer than the first connections last.
start_controlled first client closer --to "$VIP" --port "$PORT" --rate "$RATE" --count 200 --first-port 9000
await first stopped
check 'the first connections were opened and closed' quit first
older=$(state B '.stages[] | select(.stage == "received") | .older')
check "the link shows that it reorders: $older entries came after later ones" test "$older" -ge 3
life 'reordered by up to 400 ms' 10000
netem delay 100ms 100ms duplicate 50%
life 'reordered, and every second one duplicated' 20000
in_ns A tc qdisc del dev sync root
ln -s /proc/1/ns/net /run/netns/root
start_controlled replay root replay --source "$SOURCE" --group "$GROUP" --port "$SYNC_PORT" --after-ms 1000 --after-ms 2500 --after-ms 5000
life 'every message repeated after 1, 2.5 and 5 s' 30000 6
check 'messages were repeated' quit replay
say "        $(tail -n 1 "$RUN_DIR/replay.out")"
