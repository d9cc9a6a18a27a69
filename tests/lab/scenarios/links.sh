# Two sync links: one is cut at 20,000 new connections a second and nothing is asked for, both are cut and nothing is lost, each loses a fifth
# Needs: daemon
# Table bits: 18
# Settings: PARTS (one both loss), LINKS (that are cut), HOWS (silent: by the switch; carrier: with the carrier; down: at the backup's interface), RATE (new
# connections a second while one is cut), SECONDS_EACH (for how long), COUNT (connections while both are cut), LOSSY (connections while each loses), LOSS (percent), SYNC (beside ours: a pair of
# the kernel's daemons, on one of the links).
: "${PARTS:=one both loss}" "${LINKS:=sync sync2}" "${HOWS:=silent carrier down}" "${RATE:=20000}" "${SECONDS_EACH:=4}" "${COUNT:=3000}" "${LOSSY:=8000}" "${LOSS:=20}"
: "${SYNC:=kernel-tuned ours}"
BED_LINKS=(sync sync2)
OURS='Interface=["sync","sync2"]'
OPENED_EACH=400 # connections a second of the other parts

# cut HOW LINK, mend HOW LINK
cut() {
  case $1 in
    silent) part_link "$2" on ;;
    carrier) ip link set "$2-A" down ;;
    down) ip -n B link set "$2" down ;;
  esac
}

mend() {
  case $1 in
    silent) part_link "$2" off ;;
    carrier) ip link set "$2-A" up ;;
    down) ip -n B link set "$2" up ;;
  esac
}

# stream: A's kernel tells of RATE new connections a second, as it does on its loopback. Each life begins with one entry of four.
stream() {
  in_ns A "$PROBE" stream --to "$GROUP" --port 18848 --from 127.0.0.1 --service "$VIP" --service-port "$PORT" --destination "${FRONT_ADDRESS[r1]}" \
    --destination "${FRONT_ADDRESS[r2]}" --entries 1 --rate $((RATE * 4)) --seconds "$SECONDS_EACH"
}

# open_connections FIRST-PORT COUNT: opens them through A, and leaves them open.
open_connections() {
  start_controlled "load-$1" client client --to "$VIP" --port "$PORT" --first-port "$1" --rate $OPENED_EACH --count "$2" --silent --out "$RUN_DIR/load-$1.json"
}

# held: prints how many connections B's kernel has. It counts them itself: to list so many takes 6.1 longer than some of them live.
held() { destinations B | awk '{ all += $3 + $4 } END { print all + 0 }'; }

# until_held COUNT SECONDS
until_held() {
  local end=$(($(clock_ms) + $2 * 1000))
  while (($(held) < $1 && $(clock_ms) < end)); do pause 0.2; done
}

# asked NAME: prints how many questions it has asked, and how many messages did not come in time.
asked() { state "$1" '"\([.repair.lanes[].nacksSent] | add) \([.peers[].numbers.lost] | add)"'; }

# one_link HOW LINK: it is cut while connections come.
one_link() {
  local begun sent event=none silent="is not heard on $2 "
  new_run "links-$1-$2/1/1"
  sync_pair ours
  sleep 5 # a peer must be heard for 3 s until its silence says something
  stream >"$RUN_DIR/sent.txt" &
  local streaming=$!
  sleep $((SECONDS_EACH / 4))
  begun=$(clock_ms)
  cut "$1" "$2"
  wait $streaming
  sent=$(<"$RUN_DIR/sent.txt")
  until_said B "$silent" 1 5 && event=$(($(said_ms B "$silent") - begun))
  check "$1 $2: B says within 3 s that A is silent there: $event ms" test "$event" -ge 0 -a "$event" -le 3000
  until_held "$sent" 5
  check_equal "$1 $2: connections of $sent that B misses" 0 $((sent - $(held)))
  check_equal "$1 $2: questions that B has asked, messages that did not come in time" '0 0' "$(asked B)"
  mend "$1" "$2"
  check "$1 $2: B says that A is heard there again" until_said B "is heard on $2 again" 1 5
  check_equal "$1 $2: and nothing was asked for since" '0 0' "$(asked B)"
  bed_down
}

part_one() {
  local how link
  for how in $HOWS; do
    for link in $LINKS; do one_link "$how" "$link"; done
  done
}

# both_links SYNC HOW
both_links() {
  local link links="${BED_LINKS[*]}"
  [[ $1 == ours* ]] || links=sync
  new_run "links-both-$1-$2/1/1"
  sync_pair "$1"
  start_servers
  sleep 3
  open_connections 10000 "$COUNT"
  sleep 1
  for link in $links; do cut "$2" "$link"; done
  sleep 5
  for link in $links; do mend "$2" "$link"; done
  sleep 2
  MISSING=$(missing)
  say "  $1, $2: 2 s after 5 s without any link: $MISSING of $(keys A | wc -l) missing on B"
  [[ $1 != ours* ]] || check_complete_later "$2"
  await load-10000 stopped
  sleep 4 # a kernel master keeps a lone record for up to 3 s
  MISSING=$(missing)
  say "  $1, $2: in the end: $MISSING of $(keys A | wc -l)"
  [[ $1 != ours* ]] || check_equal "$2: missing in the end" 0 "$MISSING"
  bed_down
}

# check_complete_later HOW: connections still come, so those of the last moment are under way.
check_complete_later() {
  until_complete 1
  check_equal "$1: missing 2 s after both links are back" 0 "$MISSING"
}

part_both() {
  local how
  for how in ${HOWS//down/}; do
    for sync in $SYNC; do both_links "$sync" "$how"; done
  done
}

# loss_run SYNC
loss_run() {
  local name link asked sent
  new_run "links-loss-$1/1/1"
  for name in A B; do
    for link in "${BED_LINKS[@]}"; do lossy "$name" "$LOSS" "$link"; done
  done
  sync_pair "$1"
  start_servers
  open_connections 10000 "$LOSSY"
  await load-10000 stopped
  sleep 5
  MISSING=$(missing)
  say "  $1, $LOSS % loss on each link: $MISSING of $(keys A | wc -l) missing on B"
  if [[ $1 == ours* ]]; then
    check_equal "missing on B" 0 "$MISSING"
    asked=$(state B '.peers[0].numbers.lost') sent=$(state A '[.lanes[].sentMessages] | add')
    check "less than a twentieth is asked for: $asked of $sent messages" test $((asked * 20)) -lt "$sent"
  fi
  bed_down
}

part_loss() {
  need_netem
  for sync in $SYNC; do loss_run "$sync"; done
}

for part in $PARTS; do "part_$part"; done
