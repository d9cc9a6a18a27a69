# Signed messages: kernels read them, nothing forged or recorded is believed, keys change and signing begins under load without a loss
# Needs: daemon
# Table bits: 18
# Settings: PARTS (read forged recorded rotation wrong-key guide kernel flood), COUNT (forged messages of each kind), SECONDS_RECORDED, RATE (new connections a second while
# keys change), SECONDS_EACH (for how long at least), OPENED_EACH (new connections a second elsewhere), SECONDS_FLOOD (how long forged messages come as fast as they can).
: "${PARTS:=read forged recorded rotation wrong-key guide kernel flood}" "${COUNT:=200}" "${SECONDS_RECORDED:=20}" "${SECONDS_EACH:=6}"
: "${OPENED_EACH:=100}" "${SECONDS_FLOOD:=10}"
if [[ $BOOT == uml ]]; then : "${RATE:=20000}"; else : "${RATE:=1500}"; fi # what an emulated processor carries
CLIENT_FORGED=0A42      # 10.66.0.0/16: forged messages tell of connections from there
OUTCOMES=(good unsigned malformed 'unknown key' 'wrong tag' 'old number' 'unknown instance' own)
STRANGER=${LINK_ADDRESS[C]}

key_file() { echo "$(run_directory "$1")/sync-$2.key"; }

# give_key ID NAME...: makes a key, which all of these have.
give_key() {
  local name made
  made=$(mktemp -u /run/lab/key.XXXXXX)
  "$DAEMON" keygen "$made" >"$RUN_DIR/keygen-$1.txt" || give_up 'keygen makes no key'
  for name in "${@:2}"; do
    mkdir -p "$(run_directory "$name")"
    install -m 600 -o 65534 -g 65534 "$made" "$(key_file "$name" "$1")"
  done
  rm "$made"
}

# signing NAME MODE ACTIVE-ID [ID]...: prints the key of the configuration.
signing() {
  local id list=''
  for id in "${@:3}"; do list+="${list:+, }{ \"Id\": $id, \"File\": \"$(key_file "$1" "$id")\" }"; done
  echo "Authentication={ \"Mode\": \"$2\", \"ActiveKey\": $3, \"Keys\": [$list] }"
}

# pair MODE [KEY=VALUE]...
pair() {
  give_key 1 A B
  sync_ours B "$(signing B "$1" 1)" "${@:2}"
  sync_ours A "$(signing A "$1" 1)" "${@:2}"
}

# change NAME KEY=VALUE...: another configuration, with one reload.
change() {
  ours_config "$@"
  { ask "$1" check-config && ask "$1" reload; } >"$RUN_DIR/reload-$1.txt" && return
  fail "$1 does not reload"
  say_lines <"$RUN_DIR/reload-$1.txt"
}

# open_connections FIRST-PORT COUNT RATE [OPTION]...: opens connections through A, and leaves them open.
open_connections() {
  start_controlled "load-$1" client client --to "$VIP" --port "$PORT" --first-port "$1" --count "$2" --rate "$3" --silent --out "$RUN_DIR/load-$1.json" "${@:4}"
}

# counts NAME PEER: prints the messages of a peer by outcome, in the order of OUTCOMES.
counts() {
  state "$1" ".authentication.peers[] | select(.peer == \"$2\") | .outcomes | [$(printf '."%s",' "${OUTCOMES[@]}" | sed 's/,$//')] | join(\" \")"
}

# count NAME PEER OUTCOME
count() { state "$1" "[.authentication.peers[] | select(.peer == \"$2\") | .outcomes.\"$3\"] | add // 0"; }

# signs NAME PEER: prints what status says of it in the column "signs".
signs() { ask "$1" status | sed -n "/^signatures of/,/^\$/s/^${2//./\\.}  *\([a-z][a-z:, ]*[a-z]\)  .*/\1/p"; }

# refused NAME: prints how many messages of all peers it has refused by their signatures.
refused() { state "$1" '[.authentication.peers[].outcomes | to_entries[] | select(.key != "good" and .key != "own") | .value] | add // 0'; }

# applied NAME: prints how many entries of peers it has taken.
applied() { state "$1" '.stages[] | select(.stage == "received") | .entries'; }

# lost NAME: prints how many messages of peers did not come in time.
lost() { state "$1" '[.peers[].numbers.lost // 0] | add // 0'; }

# held NAME: prints how many connections its kernel has, and how many its daemon.
held() { echo "$(entries "$1" | wc -l) $(state "$1" .table.connections)"; }

# forged NAME: prints how many of its connections come from forged messages.
forged() { in_ns "$1" awk -v client="$CLIENT_FORGED" 'index($2, client) == 1' /proc/net/ip_vs_conn | wc -l; }

# await_quiet NAME: waits until the director is told nothing for a while.
await_quiet() {
  local before='' now tries
  for ((tries = 0; tries < 40; tries++)); do
    now=$(applied "$1")
    [[ $now == "$before" ]] && return
    before=$now
    pause 1
  done
  fail "$1 is told things without end"
}

# start_record NAME [LANES]: C writes down what a director says.
start_record() {
  start_controlled "record-$1" C record --source "$STRANGER" --group "$GROUP" --port "$SYNC_PORT" --lanes "${2:-2}" --sender "${LINK_ADDRESS[$1]}" --out "$RUN_DIR/$1.record"
}

# play FILE OPTION...: C sends it, and prints how many messages there were.
play() { in_ns C "$PROBE" play --in "$1" --group "$GROUP" --port "$SYNC_PORT" --through "$STRANGER" --seed "$SEED" "${@:2}"; }

part_read() {
  local name
  say "A signs, B is ours and does not sign, C is a kernel's backup"
  new_run authentication-read
  bed_third
  for name in A B C; do in_ns "$name" ipvsadm -E -t "$VIP:$PORT" -s rr -p 360; done
  printf 'addr add 10.1.0.%d/24 dev front\n' {201..220} | ip -n client -batch -
  give_key 1 A
  sync_kernel C backup
  sync_ours B
  sync_ours A "$(signing A Sign 1)"
  start_servers
  open_connections 10000 1000 "$OPENED_EACH" --from 10.1.0.201 --from-count 20
  await load-10000 stopped
  check 'B has the connections and templates of A' until_equal 8 table_A table_B
  check 'so has C, the kernel' until_equal 8 table_A table_C
  for name in A B C; do say "        $name: $(entries "$name" | wc -l) entries, $(entries "$name" | awk '$3 == "0000"' | wc -l) of them templates"; done
  check_equal 'templates of A' 20 "$(entries A | awk '$3 == "0000"' | wc -l)"
  check_equal 'messages that B has refused' 0 "$(state B '[.stages[].refused[]?] | add // 0')"
  check_equal 'what A says of B' "no: believed" "$(signs A "${LINK_ADDRESS[B]}")"
  bed_third_down
  bed_down
}

table_C() { table C; }

# attack TEXT OUTCOME FROM FILE OPTION...: C sends messages in the name of FROM. All of them must be counted under one outcome, or under any that refuses.
attack() {
  local text=$1 outcome=$2 from=$3 sent index more sum=0 told='' entries tries
  local -a before after
  entries=$(applied B)
  read -ra before <<<"$(counts B "$from")"
  sent=$(play "$4" --from "$from" "${@:5}")
  for ((tries = 0; tries < 20; tries++)); do
    read -ra after <<<"$(counts B "$from")"
    sum=0 told=''
    for index in 1 2 3 4 5 6 7; do
      more=$((${after[index]:-0} - ${before[index]:-0}))
      sum=$((sum + more))
      ((more == 0)) || told+="${told:+, }$more ${OUTCOMES[index]}"
    done
    ((sum >= sent)) && break
    pause 0.1
  done
  [[ $outcome == any ]] || check_equal "$text in the name of $from: counted" "$sent $outcome" "$told"
  [[ $outcome != any ]] || check "$text in the name of $from: counted $told" test "$sum" = "$sent"
  check_equal "$text in the name of $from: entries applied of $sent messages" 0 $(($(applied B) - entries))
}

part_forged() {
  local name from begun before minutes lines
  say "a pair that requires signatures on two lanes, and a stranger that forges $COUNT messages of each kind, in its own name and in A's"
  new_run authentication-forged
  bed_third
  pair Require SyncPorts=2
  sleep 3 # what a director tells one that learns has numbers of its own, and nobody else looks at them
  start_record A
  start_record B
  start_servers
  open_connections 10000 "$COUNT" "$OPENED_EACH"
  await load-10000 stopped
  until_complete 10
  check_equal 'connections of A that B misses' 0 "$MISSING"
  sleep 2
  for name in A B; do
    quit "record-$name"
    check "what $name said is recorded: $(tail -n 1 "$RUN_DIR/record-$name.out")" test -s "$RUN_DIR/$name.record"
  done
  begun=$(clock_ms)
  before=$(held B)
  for from in "$STRANGER" "${LINK_ADDRESS[A]}"; do
    attack 'without a trailer, as a kernel' unsigned "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as bare
    attack 'with an unsigned trailer' unsigned "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as unsigned
    attack 'with a random tag' 'wrong tag' "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as tag
    attack 'under an unknown key' 'unknown key' "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as key
    attack 'for another lane' 'wrong tag' "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as lane
    attack 'with a bit flipped' any "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as flip
    attack 'cut' any "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as cut
    attack 'cut, and the size mended' any "$from" "$RUN_DIR/A.record" --entries --count "$COUNT" --as mended
    attack 'replayed' 'old number' "$from" "$RUN_DIR/A.record" --entries --count "$COUNT"
    attack 'reflected' own "$from" "$RUN_DIR/B.record" --count "$COUNT"
  done
  check_equal "connections of B's kernel and daemon" "$before" "$(held B)"
  check_equal "connections from forged messages in B's kernel" 0 "$(forged B)"
  minutes=$((($(clock_ms) - begun) / 60000 + 1))
  for from in "$STRANGER" "${LINK_ADDRESS[A]}"; do
    lines=$(said B "Peer $from: refused")
    check "lines of B's log about $from, in $minutes begun minute(s): $lines" test "$lines" -ge 1 -a "$lines" -le "$minutes"
  done
  say_lines < <(grep -E ': refused [0-9]|does not sign' "$(ours_log B)" | cut -c 1-300)
  check 'B says that the stranger does not sign' until_said B "Peer $STRANGER does not sign" 1 3
  check_equal 'and not that A does not, in whose name others have sent' 0 "$(said B "Peer ${LINK_ADDRESS[A]} does not sign")"
  # A kernel that has been silent for two minutes is forgotten.
  for from in "$STRANGER" "${LINK_ADDRESS[A]}"; do play "$RUN_DIR/A.record" --from "$from" --entries --count 1 --as bare >/dev/null; done
  check_equal 'signs, in status of B, of the stranger and of A' 'no, a kernel: refused; yes' "$(signs B "$STRANGER"); $(signs B "${LINK_ADDRESS[A]}")"
  open_connections 30000 100 "$OPENED_EACH"
  await load-30000 stopped
  until_complete 5
  check_equal 'and A is still believed: connections of A that B misses' 0 "$MISSING"
  bed_third_down
  bed_down
}

# play_back TEXT NAME...: what both directors said is played back, each message in the name of its sender; nothing of it is applied.
play_back() {
  local text=$1 name had='' has='' sent=0
  for name in "${@:2}"; do await_quiet "$name"; done
  for name in "${@:2}"; do had+="$(held "$name") $(applied "$name"); "; done
  for name in A B; do sent=$((sent + $(play "$RUN_DIR/$name.record" --from "${LINK_ADDRESS[$name]}"))); done
  sleep 1
  for name in "${@:2}"; do has+="$(held "$name") $(applied "$name"); "; done
  check "$text: all directors answer" test "$(wc -w <<<"$has")" = $((3 * ($# - 1)))
  check_equal "$text: $sent messages played back; connections in the kernel and the daemon, and entries applied, of ${*:2}" "$had" "$has"
  say "        ${has}B counts: $(counts B "${LINK_ADDRESS[A]}") (${OUTCOMES[*]})"
}

# die NAME: its daemon is killed. boot NAME: it loses all.
die() {
  kill -KILL "${OURS_PID[$1]}"
  wait "${OURS_PID[$1]}" 2>/dev/null
}

boot() {
  die "$1"
  bed_reboot "$1"
}

again() {
  : >"$(ours_log "$1")"
  ours_start "$1"
  ours_ready "$1" || give_up "ipvs-syncd on $1 does not start again"
}

part_recorded() {
  local begun
  say "a pair that requires signatures, recorded for $SECONDS_RECORDED s"
  new_run authentication-recorded
  bed_third
  give_key 1 A B
  start_record A
  start_record B
  begun=$(clock_ms)
  sync_ours B "$(signing B Require 1)" SyncPorts=2
  sync_ours A "$(signing A Require 1)" SyncPorts=2
  start_servers
  open_connections 10000 $((OPENED_EACH * (SECONDS_RECORDED - 6))) "$OPENED_EACH"
  await load-10000 stopped
  ask B resync >/dev/null
  until_complete 5
  check_equal 'connections of A that B misses' 0 "$MISSING"
  while (($(clock_ms) - begun < SECONDS_RECORDED * 1000)); do pause 0.1; done
  quit record-A
  quit record-B
  say "        recorded in $((($(clock_ms) - begun) / 1000)) s: $(tail -n 1 "$RUN_DIR/record-A.out") of A, $(tail -n 1 "$RUN_DIR/record-B.out") of B; $(held B) connections in B's kernel and daemon"
  play_back 'nobody was restarted' A B
  die A
  again A
  play_back 'the sender was restarted' A B
  die B
  again B
  play_back 'the receiver was restarted' A B
  boot B
  again B
  play_back 'the receiver has booted, and has learnt from the sender' A B
  die A
  boot B
  again B
  check_equal 'a receiver that has booted alone has nothing' '0 0' "$(held B)"
  play_back 'the receiver has booted, and the sender is gone' B
  check_equal 'and it still has nothing' '0 0' "$(held B)"
  bed_reboot A
  boot B
  again B && again A
  play_back 'both have booted' A B
  check_equal 'and they have nothing' '0 0 0 0' "$(held A) $(held B)"
  bed_third_down
  bed_down
}

part_rotation() {
  local ended begun stopped sent streaming before name tries
  say "keys are changed at $RATE new connections a second"
  new_run authentication-rotation
  pair Require
  give_key 2 A B
  sleep 4
  before="$(lost B) $(lost A) $(refused B) $(refused A)"
  begun=$(clock_ms)
  start_in A "$PROBE" stream --to "$GROUP" --port 18848 --from 127.0.0.1 --service "$VIP" --service-port "$PORT" --destination "${FRONT_ADDRESS[r1]}" \
    --destination "${FRONT_ADDRESS[r2]}" --entries 1 --rate "$RATE" --new --seconds 300
  streaming=$STARTED
  sleep 0.5
  for name in A B; do change "$name" "$(signing "$name" Require 1 2)"; done
  for name in A B; do change "$name" "$(signing "$name" Require 2 1)"; done
  for name in A B; do change "$name" "$(signing "$name" Require 2)"; done
  ended=$(clock_ms)
  while :; do
    sleep 1
    (($(clock_ms) - begun >= SECONDS_EACH * 1000)) && break
  done
  kill "$streaming"
  wait "$streaming" 2>/dev/null
  stopped=$(clock_ms)
  sleep 1
  sent=$(state A .table.connections)
  say "        $sent new connections, $((sent * 1000 / (stopped - begun))) a second; six reloads took $((ended - begun)) ms, and the last was $((stopped - ended)) ms before the last connection"
  for ((tries = 0; tries < 40; tries++)); do
    (($(destinations B | awk '{ all += $3 + $4 } END { print all + 0 }') >= sent)) && break # a listing of all takes long
    pause 0.25
  done
  check "connections came all the time" test "$sent" -gt "$RATE"
  check_equal "connections of $sent that B's kernel misses" 0 $((sent - $(entries B | wc -l)))
  check_equal 'messages lost by B, by A, refused by B, by A' "$before" "$(lost B) $(lost A) $(refused B) $(refused A)"
  check_equal 'the key of the last good message, for B and for A' '2 2' "$(state B '.authentication.peers[0].keyId') $(state A '.authentication.peers[0].keyId')"
  check_equal 'keys that B and A accept' '2 2' "$(state B '.authentication.keys | map(.id) | join(",")') $(state A '.authentication.keys | map(.id) | join(",")')"
  bed_down
}

part_wrong_key() {
  local begun name other
  say 'A and B have different keys under the same id'
  new_run authentication-wrong-key
  give_key 1 A
  give_key 1 B
  sync_ours B "$(signing B Require 1)"
  sync_ours A "$(signing A Require 1)"
  begun=$(clock_ms)
  for name in A B; do
    [[ $name == A ]] && other=B || other=A
    check "$name says within 3 s: peer, key id and fingerprint" \
      until_said "$name" "Peer ${LINK_ADDRESS[$other]}: refused [0-9]+ wrong tag under key 1\. Keys here: 1 \([0-9a-f]{8}\)" 1 3
  done
  say "        both have said it $(($(clock_ms) - begun)) ms after A was ready"
  for name in A B; do
    say_lines < <(ask "$name" status | grep -A 1 -E '^(authentication|signatures of)' | grep -vE '^(--|kernel)')
    [[ $name == A ]] && other=B || other=A
    check_equal "status of $name: peer, key id, and whether the fingerprint is that of its own key" "${LINK_ADDRESS[$other]} 1 true" \
      "$(state "$name" '.authentication | .keys[0].fingerprint as $own | .peers[0] | "\(.peer) \(.keyId) \(.fingerprint == $own)"')"
  done
  check 'the fingerprints of A and B differ' test "$(state A '.authentication.keys[0].fingerprint')" != "$(state B '.authentication.keys[0].fingerprint')"
  bed_down
}

part_guide() {
  local name other before
  say "the guide of docs/operations.md, at $OPENED_EACH new connections a second"
  new_run authentication-guide
  sync_ours B
  sync_ours A
  start_servers
  sleep 3
  open_connections 10000 100000 "$OPENED_EACH"
  sleep 1
  say '  1. keygen, copy, owner'
  mkdir -p "$(run_directory A)" "$(run_directory B)"
  rm -f "$(key_file A 1)" "$(key_file B 1)"
  check 'keygen' "$DAEMON" keygen "$(key_file A 1)"
  cp -p "$(key_file A 1)" "$(key_file B 1)"
  for name in A B; do chown 65534: "$(key_file "$name" 1)"; done
  say '  2. sign on both: check-config && reload'
  for name in A B; do
    ours_config "$name" "$(signing "$name" Sign 1)"
    check "$name: check-config && reload" eval "ask $name check-config >/dev/null && ask $name reload >/dev/null"
    sleep 1
  done
  say '  3. status on both'
  sleep 1
  for name in A B; do
    say_lines < <(ask "$name" status | grep -A 1 -E '^(authentication|signatures of)' | grep -vE '^(--|kernel)')
    [[ $name == A ]] && other=B || other=A
    check_equal "$name: signs" yes "$(signs "$name" "${LINK_ADDRESS[$other]}")"
  done
  before="$(state A '.authentication.peers[0].outcomes.unsigned') $(state B '.authentication.peers[0].outcomes.unsigned')"
  sleep 2
  check_equal 'the counts of unsigned do not rise any more' "$before" \
    "$(state A '.authentication.peers[0].outcomes.unsigned') $(state B '.authentication.peers[0].outcomes.unsigned')"
  for name in A B; do
    check_equal "$name: wrong tag, unknown key" '0 0' "$(state "$name" '.authentication.peers[0].outcomes | "\(."wrong tag") \(."unknown key")"')"
  done
  say '  4. require on both'
  for name in A B; do
    ours_config "$name" "$(signing "$name" Require 1)"
    check "$name: check-config && reload" eval "ask $name check-config >/dev/null && ask $name reload >/dev/null"
    sleep 1
  done
  sleep 2
  order load-10000 stop
  await load-10000 stopped
  until_complete 5
  check_equal "connections of $(keys A | wc -l) that B misses" 0 "$MISSING"
  check_equal 'messages lost by B, by A' '0 0' "$(lost B) $(lost A)"
  check_equal 'refused by A and B: malformed, unknown key, wrong tag, old number, unknown instance' '0,0,0,0,0 0,0,0,0,0' \
    "$(for name in A B; do state "$name" '.authentication.peers[0].outcomes | [.malformed, ."unknown key", ."wrong tag", ."old number", ."unknown instance"] | join(",")'; done | paste -sd ' ')"
  bed_down
}

# of_kernel NAME: prints how many connections of C's own service its kernel has.
of_kernel() { in_ns "$1" awk '$4 == "0A010065"' /proc/net/ip_vs_conn | wc -l; }

part_kernel() {
  local mode name
  say "C is a kernel's master, in the group of a pair"
  for mode in Require Sign; do
    new_run "authentication-kernel-$mode"
    bed_third
    ip -n C addr add 10.1.0.101/32 dev front
    for name in r1 r2; do ip -n "$name" addr add 10.1.0.101/32 dev lo; done
    for name in A B C; do
      printf '%s\n' '-A -t 10.1.0.101:80 -s rr' '-a -t 10.1.0.101:80 -r 10.1.0.11 -g' '-a -t 10.1.0.101:80 -r 10.1.0.12 -g' | in_ns "$name" ipvsadm --restore
    done
    pair "$mode"
    kernel_sysctls C tuned
    sync_kernel C master 44
    start_servers
    for name in r1 r2; do start_controlled "server-C-$name" "$name" server --address 10.1.0.101 --port "$PORT"; done
    start_controlled load-C client client --to 10.1.0.101 --port "$PORT" --first-port 40000 --rate "$OPENED_EACH" --count 300 --silent --out "$RUN_DIR/load-C.json"
    open_connections 10000 300 "$OPENED_EACH"
    await load-C stopped
    await load-10000 stopped
    until_complete 5
    sleep 4 # a kernel's master keeps a lone record for up to 3 s
    check_equal "$mode: connections of A that B misses" 0 "$MISSING"
    if [[ $mode == Require ]]; then
      for name in A B; do
        check "$name says that C does not sign" until_said "$name" "Peer $STRANGER does not sign: it is a kernel's daemon" 1 3
        check_equal "$name: connections of C, which has $(of_kernel C), in its kernel" 0 "$(of_kernel "$name")"
      done
      check_equal 'connections in the daemon of B are those of A' "$(keys A | wc -l)" "$(state B .table.connections)"
      check_equal 'status of B says so' 'no, a kernel: refused' "$(signs B "$STRANGER")"
    else
      check_equal "Sign: B's kernel has all connections of C" "$(of_kernel C)" "$(of_kernel B)"
      check_equal 'status of B says so' 'no, a kernel: believed' "$(signs B "$STRANGER")"
    fi
    say "        $(ask B status | grep -E "^$STRANGER .*kernel:")"
    bed_third_down
    bed_down
  done
}

# until_established SECONDS: waits until B has all of A's connections whose handshake is done, and sets MISSING. Where forged messages take the processor, some have none.
until_established() {
  local tries
  for ((tries = 0; tries < $1 * 4; tries++)); do
    MISSING=$(comm -23 <(entries A | awk '$8 == "ESTABLISHED" { print $2, $3 }' | sort) <(keys B) | wc -l)
    ((MISSING == 0)) && return
    pause 0.25
  done
}

# delays quiet|aside|flooded: how long entries take from A to B's kernel: nobody forges; forged messages go to a port that nobody hears, and only take the processor; they go to B.
delays() {
  local flood=0 before
  new_run "delay/$1/50/1"
  bed_third
  pair Require
  start_record A 1
  start_servers
  open_connections 60000 100 "$OPENED_EACH"
  await load-60000 stopped
  until_complete 5
  quit record-A
  order load-60000 quit
  sleep 2
  before=$(counts B "$STRANGER" | awk '{ print $5 + 0 }')
  start_watch --from-now
  start_clients 50 --seconds "$SECONDS_FLOOD"
  [[ $1 != aside ]] || flood=$(play "$RUN_DIR/A.record" --as tag --entries --seconds "$SECONDS_FLOOD" --port $((SYNC_PORT + 1000)))
  [[ $1 != flooded ]] || flood=$(play "$RUN_DIR/A.record" --as tag --entries --seconds "$SECONDS_FLOOD")
  await client stopped
  until_established 15
  check_equal "$1: connections of $(entries A | grep -c ESTABLISHED) that B misses" 0 "$MISSING"
  sleep 1
  quit watch
  quit client
  [[ $1 != aside ]] || say "        $flood forged messages in $SECONDS_FLOOD s, to another port"
  if [[ $1 == flooded ]]; then
    local counted overflowed
    counted=$(($(count B "$STRANGER" 'wrong tag') - before)) overflowed=$(state B '.stages[] | select(.stage == "received") | .lost')
    say "        $flood forged messages in $SECONDS_FLOOD s, $((flood / SECONDS_FLOOD)) a second; B refused $counted, $overflowed found no room in its socket"
    check 'forged messages are counted, or found no room in the socket' test $((counted + overflowed)) -ge "$flood"
    check_equal "connections from forged messages in B's kernel" 0 "$(forged B)"
    check_equal "lines of B's log about them" 1 "$(said B "Peer $STRANGER: refused")"
  fi
  bed_third_down
  bed_down
}

part_flood() {
  say "entries of 50 connections a second, without and with forged messages as fast as one host sends them"
  delays quiet
  delays aside
  delays flooded
  "$PROBE" report fresh "$RESULTS/delay" >"$RESULTS/delay.txt"
  check 'delays are measured' test -s "$RESULTS/delay.txt"
  say_lines <"$RESULTS/delay.txt"
}

for part in $PARTS; do "part_${part//-/_}"; done
