# A crash at a random moment, at three rates: the kernel's defaults, an expert's kernel settings, and ours in comparison
# Settings: RATES, SYNC, RUNS, SILENT=yes (clients that send nothing after the handshake), GAP_MS and FIRST (front or sync) to cut the links one after the other,
# RESET_AT_MOST (how many connections ours may lose, median of the runs).
: "${RATES:=10 50 200}" "${SYNC:=kernel-defaults kernel-tuned ours$(describes_types && echo ' ours-bpf')}" "${RUNS:=5}" "${SILENT:=no}" "${GAP_MS:=0}" "${FIRST:=front}" "${RESET_AT_MOST:=1}"

options=()
[[ $SILENT == yes ]] && options=(--silent)

crash_run() {
  new_run "$1/$2/$3"
  sync_pair "$1"
  start_servers
  start_wire
  start_clients "$2" "${options[@]}"
  random_between 3000 6000
  sleep "$RANDOM_SECONDS"
  crash "$GAP_MS" "$FIRST"
  failover
  quit wire
  bed_down
  say "  $1, $2/s, run $3, cut at $RANDOM_SECONDS s: $("$PROBE" report run "$RUN_DIR")"
}

say "seed $SEED; $RUNS runs each; silent clients: $SILENT; links cut $GAP_MS ms apart"
for rate in $RATES; do
  for sync in $SYNC; do
    for ((run = 1; run <= RUNS; run++)); do crash_run "$sync" "$rate" "$run"; done
  done
done

"$PROBE" report crash "$RESULTS" --reset-at-most "ours=$RESET_AT_MOST" --bytes-at-most ours=98 >"$RESULTS/table.txt"
verdict=$?
say_lines <"$RESULTS/table.txt"
text="ours loses at most $RESET_AT_MOST (median), at no more than the 98 bytes a record of one-record messages with a trailer"
[[ $SYNC == *ours* ]] || text='every run opened connections, and none was refused before the crash'
check "$text" test "$verdict" = 0
