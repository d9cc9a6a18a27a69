# A sync link that loses datagrams both ways: connections that the backup misses, the kernel's own daemons beside ours
# Needs: daemon
# Settings: LOSS (percent), SYNC, IDLE and BUSY (connections that send nothing, and that exchange each second), WAIT (seconds after the last one).
: "${LOSS:=5 20}" "${SYNC:=kernel-tuned ours}" "${IDLE:=3000}" "${BUSY:=300}" "${WAIT:=20}"

need_netem

# loss_run SYNC PERCENT
loss_run() {
  local loads="$IDLE idle and $BUSY busy connections"
  new_run "$1/$2/1"
  lossy A "$2"
  lossy B "$2"
  sync_pair "$1"
  start_servers
  start_controlled busy client client --to "$VIP" --port "$PORT" --rate 150 --count "$BUSY" --exchange-every-ms 1000 --out "$RUN_DIR/busy.json"
  start_controlled idle client client --to "$VIP" --port "$PORT" --first-port 20000 --rate 600 --count "$IDLE" --silent --out "$RUN_DIR/idle.json"
  await busy stopped
  await idle stopped
  sleep "$WAIT"
  MISSING=$(missing)
  say "  $1, $2 % loss: $MISSING of $(keys A | wc -l) missing on B $WAIT s after the last of $loads"
  check "$1: the connections are there at all" test "$(keys A | wc -l)" -ge $(((IDLE + BUSY) * 99 / 100))
  if [[ $1 == ours* ]]; then
    check_equal "ours, $2 % loss: connections missing on B" 0 "$MISSING"
    in_ns B "$DAEMON" status --config "$(run_directory B)/appsettings.json" >"$RUN_DIR/status.txt"
    grep -iE 'repair|lost|missing|peer' "$RUN_DIR/status.txt" | head -n 12 | say_lines
  fi
  quit idle
  quit busy
  bed_down
}

for percent in $LOSS; do
  for sync in $SYNC; do loss_run "$sync" "$percent"; done
done
