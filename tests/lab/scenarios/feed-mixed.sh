# Ten minutes of connections of every kind through two directors at once, with BPF programs: nothing is missed, and all tables are as without them
# Needs: daemon
# Needs: judge types
# Settings: SECONDS_EACH (of the load, once with the programs and once without), RATE (packets a second through each director), LANES.
: "${SYNC:=none}" "${SECONDS_EACH:=600}" "${RATE:=100}" "${LANES:=4}"
LONG=20 # seconds: what lives at least so long is not about to end in the other run

need_types

# all NAME [SECONDS]: prints keys, real servers and states of the connections that live at least so long, without that of the pusher. A kernel passes over
# some when others end while it lists them: what one reading lacks is in another.
all() {
  local reading
  for reading in 1 2 3; do
    in_ns "$1" awk -v least="${2:-0}" 'NR > 1 && $9 >= least && $4 != "C0000201" { print $1, $2, $3, $4, $5, $6, $7, $8 }' /proc/net/ip_vs_conn
  done | sort -u
}

# own DIRECTORY NAME: prints the connections that came through this director and are not about to end.
own() { grep -E "^[A-Z]+ (0A01${NUMBER[$2]}|2001:0db8:0000:01${NUMBER[$2]})" "$1/$2.long"; }
declare -A NUMBER=([A]=10 [B]=20) PEER=([A]=B [B]=A)

# mixed_run NAME [SETTING]...: the load with these settings.
mixed_run() {
  local name
  new_run "$1"
  for name in B A; do sync_ours "$name" "SyncPorts=$LANES" "${@:2}"; done
  judge "$1: the kernel has taken all packets" mixed --namespaces A,B --seconds "$SECONDS_EACH" --rate "$RATE" --seed "$SEED"
  sleep 4 # what is told last arrives
  for name in A B; do
    all "$name" >"$RUN_DIR/$name.all"
    all "$name" $LONG >"$RUN_DIR/$name.long"
    [[ $1 == master ]] || say "        $name: $(ask "$name" status | grep '^feed')"
  done
}

feed_loader
mixed_run bpf Kernel:Feed=Bpf "Kernel:FeedLoader=$FEED_LOADER"
BPF_DIR=$RUN_DIR
for name in A B; do check_confirmed $name; done
check 'the daemons stop well' ours_stop A && ours_stop B
bed_down

mixed_run master Kernel:Feed=Master
# Of two packets that come about as far apart as a timeout, one or the other comes too late for its connection. So the same connections are compared.
for name in A B; do
  comm -12 <(own "$BPF_DIR" $name) <(own "$RUN_DIR" $name) >"$RUN_DIR/$name.both"
  for run in "$BPF_DIR" "$RUN_DIR"; do comm -23 "$RUN_DIR/$name.both" "$run/${PEER[$name]}.all" >"$run/$name.missing"; done
  check "there are connections and templates of $name" test -s "$RUN_DIR/$name.both"
  check "${PEER[$name]} has the same of them, in the same states, with the programs and without" diff "$BPF_DIR/$name.missing" "$RUN_DIR/$name.missing"
  say "        $name: $(wc -l <"$RUN_DIR/$name.both"), of which $(wc -l <"$RUN_DIR/$name.missing") are not told, as they are below the threshold"
done
bed_down
