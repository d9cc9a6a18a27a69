# The cost of the feed: the processor time that an idle and a busy director have left, without a daemon, and with one that does not push, one that pushes, and one with the BPF program
# Needs: daemon
# Settings: RUNS (of each kind), SECONDS_EACH (length of a run), MOST_IDLE_PERCENT (of the processor that pushing may take on an idle director).
: "${RUNS:=3}" "${SECONDS_EACH:=10}" "${MOST_IDLE_PERCENT:=5}"

# In this bed, a system call costs about 30 us. Compare these figures only with each other.
KINDS='none silent pushing'
! describes_types || KINDS+=' bpf'

# left: counts the rounds of a loop that uses only idle processor time.
left() {
  nice -n 19 bash -c 'n=0; trap "echo \$n; exit" TERM; while :; do ((n++)); done' >"$RUN_DIR/rounds" &
  pause "$SECONDS_EACH"
  kill $!
  wait $!
  cat "$RUN_DIR/rounds"
}

# cost LOAD KIND RUN
cost() {
  new_run "cost/$1/$2/$3"
  case $2 in
    silent) sync_ours A Kernel:PushIntervalMs=0 ;;
    pushing) sync_ours A ;;
    bpf)
      feed_loader
      sync_ours A Kernel:Feed=Bpf "Kernel:FeedLoader=$FEED_LOADER"
      ;;
  esac
  if [[ $1 == busy ]]; then
    start_servers
    # There is traffic in every interval, and a new connection every 50 ms.
    start_clients 20 --seconds $((SECONDS_EACH + 4)) --exchange-every-ms 100
  fi
  pause 3
  left >>"$RESULTS/$1.$2"
  [[ $1 == idle ]] || quit client
  [[ $2 == none ]] || ours_stop A
  bed_down
}

median() { sort -n "$RESULTS/$1.$2" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

# taken LOAD KIND: prints the processor time taken, in thousandths of what an idle director without a daemon leaves.
taken() {
  local all
  all=$(median idle none)
  echo $(((all - $(median "$1" "$2")) * 1000 / all))
}

percent() { awk -v thousandths="$1" 'BEGIN { printf "%.1f", thousandths / 10 }'; }

for ((run = 1; run <= RUNS; run++)); do
  for load in idle busy; do
    for kind in $KINDS; do cost $load "$kind" $run; done
  done
done
say "  processor time taken in percent, medians of $RUNS:"
for load in idle busy; do
  none=$(taken $load none) silent=$(taken $load silent) pushing=$(taken $load pushing)
  say "  $load: no daemon $(percent "$none"), without pushing $(percent "$silent"), pushing $(percent "$pushing"): $(percent $((pushing - silent))) for pushing"
  [[ $KINDS != *bpf ]] || say "        with the BPF program $(percent "$(taken $load bpf)")"
  ((silent <= none)) || say "        a daemon that pushes takes $(((pushing - none) * 100 / (silent - none))) % of the time of one that does not"
done
check "pushing takes at most $MOST_IDLE_PERCENT % of the processor of an idle director" test $(($(taken idle pushing) - $(taken idle silent))) -le $((MOST_IDLE_PERCENT * 10))
for load in idle busy; do
  [[ $KINDS != *bpf ]] || check "$load: the BPF program takes no more than pushing" test "$(taken $load bpf)" -le "$(taken $load pushing)"
done
