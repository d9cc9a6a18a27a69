# The cost of pushing: the processor time that an idle and a busy director have left, without a daemon, with one that does not push, and with one that does
# Needs: daemon
# Settings: RUNS (of each kind), SECONDS_EACH (of a run), MOST_IDLE_PERCENT (of a processor that pushing may take of an idle director).
: "${RUNS:=3}" "${SECONDS_EACH:=10}" "${MOST_IDLE_PERCENT:=5}"

# In this bed a system call costs some 30 us: what stands here is to be compared with what stands beside it, and with nothing else.
KINDS='none silent pushing'

# left: how often a loop that takes what nobody else wants of the processor came round.
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
  esac
  if [[ $1 == busy ]]; then
    start_servers
    # Traffic in every interval, and a new connection each 50 ms.
    start_clients 20 --seconds $((SECONDS_EACH + 4)) --exchange-every-ms 100
  fi
  pause 3
  left >>"$RESULTS/$1.$2"
  [[ $1 == idle ]] || quit client
  [[ $2 == none ]] || ours_stop A
  bed_down
}

median() { sort -n "$RESULTS/$1.$2" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

# taken LOAD KIND: thousandths of the processor that an idle director without a daemon leaves.
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
say "  percent of the processor that is taken, medians of $RUNS:"
for load in idle busy; do
  none=$(taken $load none) silent=$(taken $load silent) pushing=$(taken $load pushing)
  say "  $load: no daemon $(percent "$none"), without pushing $(percent "$silent"), pushing $(percent "$pushing"): $(percent $((pushing - silent))) for pushing"
  ((silent <= none)) || say "        a daemon that pushes takes $(((pushing - none) * 100 / (silent - none))) % of what one takes that does not"
done
check "pushing takes at most $MOST_IDLE_PERCENT % of an idle director's processor" test $(($(taken idle pushing) - $(taken idle silent))) -le $((MOST_IDLE_PERCENT * 10))
