# Freshness: the time from the client's handshake on A to the entry in B's kernel, at three rates, for each kind of sync
# Settings: RATES, SYNC, SECONDS_EACH (how long connections are opened), SILENT=yes, LIMITS=tuned (the limits for ours are the tuned kernel's medians in the same run,
# instead of by milliseconds: for machines of unknown speed; needs kernel-tuned among SYNC).
: "${LIMITS:=ms}" "${RATES:=10 50 200}" "${SYNC:=kernel-defaults kernel-tuned ours$(describes_types && echo ' ours-bpf')}" "${SECONDS_EACH:=10}" "${SILENT:=no}"

options=()
[[ $SILENT == yes ]] && options=(--silent)

say "connections are opened for $SECONDS_EACH s; silent clients: $SILENT"
for rate in $RATES; do
  for sync in $SYNC; do measure_fresh "$sync" "$rate" "$SECONDS_EACH" "${options[@]}"; done
done

text='median at most 60 ms at 50/s and 40 ms at 200/s for ours'
limits=(--median-at-most 'ours@50=60' --median-at-most 'ours@200=40')
if [[ $LIMITS == tuned ]]; then
  # Not at rates that a machine may not be able to carry: there, everything waits for the processor.
  text="median of ours at most half of the tuned kernel's at 2/s, no more than that at 10 and 50/s"
  limits=(--tuned-percent-at-most 'ours@2=50' --tuned-percent-at-most 'ours@10=100' --tuned-percent-at-most 'ours@50=100')
fi
text+=', none missing; at most 98 bytes a record, 72 at 500/s: 12 are the trailer'
[[ $SYNC == *ours* ]] || text='measured'
check "$text" \
  "$PROBE" report fresh "$RESULTS" "${limits[@]}" --bytes-at-most ours=98 --bytes-at-most ours@500=72 >"$RESULTS/table.txt"
say_lines <"$RESULTS/table.txt"
