# Connections end and their ports are used again at once, on the same real server: after a crash every new one lives on, as with a pair of kernels
# Needs: daemon
# Settings: KINDS (of sync), COUNT (connections), RATE (a second), AFTER (seconds from the last connection to the crash), SILENCE (seconds after it).
: "${KINDS:=kernel-tuned kernel-ours ours}" "${COUNT:=60}" "${RATE:=100}" "${AFTER:=3}" "${SILENCE:=40}"

# The first lives last some milliseconds and end in four ways: FIN, RST, a half-close, a half-close and RST. The second lives say one thing and are
# silent, so that nothing is told of them again. AFTER is longer than a kernel keeps a lone record, and shorter than the time after which an entry
# counts as new in any case. SILENCE is longer than a reset connection stays in the table.

# pair KIND: kernel-ours is a kernel's master and our backup, all others as sync_pair has them.
pair() {
  if [[ $1 != kernel-ours ]]; then
    sync_pair "$1"
    return
  fi
  kernel_sysctls A tuned
  sync_kernel A master 44
  sync_ours B Role=Backup
}

# fates: prints how many connections ended in which way.
fates() { tr '}' '\n' <"$RUN_DIR/client.json" | sed -nE 's/.*"fate":"([A-Za-z]*)".*/\1/p' | sort | uniq -c | awk '{ print $1, $2 }' | tr '\n' ' '; }

# open_on NAME: prints how many of the connections are open in this kernel.
open_on() { entries "$1" | grep -c ESTABLISHED; }

for kind in $KINDS; do
  new_run "$kind"
  for name in A B; do in_ns "$name" ipvsadm -d -t "$VIP:$PORT" -r "10.1.0.12:$PORT"; done
  # A client that closes keeps its port for a minute otherwise.
  echo 0 | in_ns client tee /proc/sys/net/ipv4/tcp_max_tw_buckets >/dev/null
  pair "$kind"
  start_servers
  start_controlled closer client closer --to "$VIP" --port "$PORT" --rate "$RATE" --count "$COUNT" --first-port 10000
  await closer stopped
  quit closer
  start_clients "$RATE" --count "$COUNT" --first-port 10000
  await client stopped
  sleep "$AFTER"
  say "  $kind: open on A $(open_on A), on B $(open_on B)"
  crash
  sleep "$SILENCE"
  say "  $kind: open on B after $SILENCE s of silence: $(open_on B)"
  failover
  say "  $kind: of $COUNT connections on ports used again: $(fates)"
  check_equal "$kind: all live on through B" "$COUNT Survived " "$(fates)"
  if [[ $kind != kernel-tuned ]]; then ours_stop B; fi
  if [[ $kind == ours ]]; then ours_stop A; fi
  bed_down
done
