# The sync interface goes, comes, is made again, gets another address or MTU, is a bond or a VLAN: sync goes on within 2 s, and nothing is lost
# Needs: daemon
# Settings: PARTS (group unicast bond vlan wait kernel), SIDES (whose interface changes), OPENED (connections opened while the interface is away).
# Part "kernel" is a pair of the kernel's daemons beside; it has no verdict.
: "${PARTS:=group unicast bond vlan wait kernel}" "${SIDES:=A B}" "${OPENED:=20}"
LIMIT_MS=2000 # from the return of the link until a connection that is opened then is on B
NEXT=10000

# open_connections COUNT: opens them through A, and leaves them open. FIRST is the first client port.
open_connections() {
  FIRST=$NEXT
  NEXT=$((NEXT + $1))
  start_controlled "load-$FIRST" client client --to "$VIP" --port "$PORT" --first-port "$FIRST" --rate 200 --count "$1" --silent --out "$RUN_DIR/load-$FIRST.json"
  await "load-$FIRST" stopped
}

# until_crossed PORT: waits for the connection with this client port on B, and sets CROSSED_MS to the time since BACK_MS.
until_crossed() {
  local end=$(($(clock_ms) + 15000)) port
  port=$(printf ' %04X ' "$1")
  while :; do
    CROSSED_MS=$(($(clock_ms) - BACK_MS))
    [[ $(entries B) == *"$port"* ]] && return 0
    (($(clock_ms) < end)) || return 1
    pause 0.05
  done
}

# changed TEXT SIDE LINES: the link is back since BACK_MS. A connection that is opened now crosses soon, those that were opened before are there, the daemons
# still run, and the log of that side has LINES lines about its interface more, or LEAST-MOST.
changed() {
  local lines
  open_connections 1
  until_crossed "$FIRST"
  check "$1: a connection crosses $CROSSED_MS ms after the return" test "$CROSSED_MS" -le $LIMIT_MS
  until_complete 5
  check_equal "$1: missing on B in the end" 0 "$MISSING"
  until_said "$2" "$LINES_ABOUT" $((LINES_BEFORE + ${3%-*})) 3
  lines=$(($(said "$2" "$LINES_ABOUT") - LINES_BEFORE))
  check "$1: lines of log on $2: $lines" test "$lines" -ge "${3%-*}" -a "$lines" -le "${3#*-}"
  check "$1: no restart" eval 'kill -0 "${OURS_PID[A]}" && kill -0 "${OURS_PID[B]}"'
}

# begin SIDE: before a change.
begin() {
  LINES_ABOUT='Sync interface '
  LINES_BEFORE=$(said "$1" "$LINES_ABOUT")
}

# make_sync NAME: its sync interface is made again, as by a network manager.
make_sync() {
  bed_link "$1" sync | ip -batch -
  printf '%s\n' "addr add ${LINK_ADDRESS[$1]}/24 dev sync" 'link set sync up mtu 1500' | ip -n "$1" -batch -
}

back() { BACK_MS=$(clock_ms); }

# settle: a change is over when nothing comes for a while. The log then has its line, and the next change has its own.
settle() { sleep 1.5; }

flap_made_again() {
  begin "$1"
  ip -n "$1" link del sync
  settle
  open_connections "$OPENED"
  make_sync "$1"
  back
  changed "$1: made again" "$1" 2-3 # the bed makes it in two steps, which may be two changes
}

flap_down() {
  begin "$1"
  ip -n "$1" link set sync down
  settle
  open_connections "$OPENED"
  ip -n "$1" link set sync up
  back
  changed "$1: down and up" "$1" 2
}

flap_carrier() {
  begin "$1"
  ip link set "sync-$1" down
  settle
  open_connections "$OPENED"
  ip link set "sync-$1" up
  back
  changed "$1: carrier" "$1" 2
}

# flap_mtu SIDE: 1500, 1280, 9000, 1500. The message size follows.
flap_mtu() {
  local mtu
  for mtu in 1280 9000 1500; do
    begin "$1"
    ip link set "sync-$1" mtu "$mtu"
    ip -n "$1" link set sync mtu "$mtu"
    back
    changed "$1: MTU $mtu" "$1" 1
    say "        messages of $1 have $(state "$1" .network.messageSize) bytes"
  done
}

# flap_address SIDE: to a group, any address will do. Peers would have to be configured again.
flap_address() {
  begin "$1"
  printf '%s\n' "addr del ${LINK_ADDRESS[$1]}/24 dev sync" 'addr add 10.2.0.77/24 dev sync' | ip -n "$1" -batch -
  back
  changed "$1: another address" "$1" 1
  printf '%s\n' 'addr del 10.2.0.77/24 dev sync' "addr add ${LINK_ADDRESS[$1]}/24 dev sync" | ip -n "$1" -batch -
  settle
}

# flaps FLAP...: each on each side, in one run.
flaps() {
  local side flap
  start_servers
  open_connections "$OPENED"
  for side in $SIDES; do
    for flap; do "flap_$flap" "$side"; done
  done
  until_complete 5
  check_equal "of $(keys A | wc -l) connections, B misses at the end" 0 "$MISSING"
  for side in A B; do say "        $side says:" && grep 'Sync interface\|Messages to the peers' "$(ours_log "$side")" | say_lines; done
  bed_down
}

part_group() {
  say 'with a group'
  new_run flaps-group/1/1
  sync_pair ours
  flaps made_again down carrier mtu address
}

part_unicast() {
  say 'with peers alone'
  new_run flaps-unicast/1/1
  sync_ours B Group= 'Peers=["10.2.0.1"]' && sync_ours A Group= 'Peers=["10.2.0.2"]'
  flaps made_again down carrier mtu
}

# bond NAME: replaces its sync interface by a bond of two links to the same bridge.
bond() {
  printf '%s\n' 'link set sync down' 'link set sync name unused' | ip -n "$1" -batch -
  printf '%s\n' "link add bond1-$1 type veth peer name bond1 netns $1" "link add bond2-$1 type veth peer name bond2 netns $1" \
    "link set bond1-$1 master sync up" "link set bond2-$1 master sync up" | ip -batch -
  printf '%s\n' 'link add sync type bond mode active-backup miimon 100' 'link set bond1 master sync' 'link set bond2 master sync' \
    'link set bond1 up' 'link set bond2 up' "addr add ${LINK_ADDRESS[$1]}/24 dev sync" 'link set sync up' | ip -n "$1" -batch - || give_up 'no bond'
}

part_bond() {
  local link
  say 'a bond on A, whose active link changes'
  modprobe -d "$MODULES" bonding max_bonds=0 || give_up 'bonding does not load'
  new_run flaps-bond/1/1
  bond A
  sync_pair ours
  start_servers
  open_connections "$OPENED"
  for link in bond1 bond2; do
    begin A
    ip link set "$link-A" down
    back
    changed "bond: $link loses its carrier" A 0
    ip link set "$link-A" up
    sleep 1
  done
  begin A
  ip link set bond1-A down
  ip link set bond2-A down
  settle
  open_connections "$OPENED"
  ip link set bond2-A up
  back
  changed 'bond: both links lost it, one is back' A 2
  ip link del bond1-A
  ip link del bond2-A
  bed_down
}

part_vlan() {
  local name
  say 'a VLAN on the interface of both'
  modprobe -d "$MODULES" 8021q || give_up '8021q does not load'
  new_run flaps-vlan/1/1
  for name in A B; do make_vlan "$name"; done
  OURS='Interface=sync.5' sync_pair ours
  start_servers
  open_connections "$OPENED"
  begin A
  ip -n A link set sync down
  settle
  open_connections "$OPENED"
  ip -n A link set sync up
  ip -n A link set sync.5 up
  back
  changed 'VLAN: the interface below it was down' A 2-3
  begin B
  ip -n B link del sync.5
  settle
  open_connections "$OPENED"
  make_vlan B
  back
  changed 'VLAN: made again on B' B 2-3
  bed_down
}

# make_vlan NAME: the address of its sync interface moves to a VLAN on it.
make_vlan() {
  ip -n "$1" addr flush dev sync
  printf '%s\n' 'link add link sync name sync.5 type vlan id 5' "addr add ${LINK_ADDRESS[$1]}/24 dev sync.5" 'link set sync.5 up' | ip -n "$1" -batch -
}

part_wait() {
  say 'daemons that start before their interface'
  new_run flaps-wait/1/1
  ip -n A link del sync
  ip -n B link del sync
  ours_config A
  ours_start A
  wait "${OURS_PID[A]}"
  check_equal 'exit status without WaitForInterface, after which systemd tries again' 1 $?
  sync_ours A WaitForInterface=true && sync_ours B WaitForInterface=true
  check 'both are ready' eval 'kill -0 "${OURS_PID[A]}" && kill -0 "${OURS_PID[B]}"'
  start_servers
  open_connections "$OPENED"
  begin A
  make_sync A
  make_sync B
  back
  changed 'interfaces are made' A 1-2
  bed_down
}

# kernel_change TEXT COMMAND...: how long a pair of kernels takes.
kernel_change() {
  "${@:2}"
  back
  sleep 0.5
  open_connections 5
  if until_crossed "$FIRST"; then say "  $1: crosses after $CROSSED_MS ms"; else say "  $1: does not cross within 15 s"; fi
}

down_and_up() {
  ip -n "$1" link set sync down
  sleep 1
  ip -n "$1" link set sync up
}

made_again() {
  ip -n "$1" link del sync
  sleep 1
  make_sync "$1"
}

part_kernel() {
  local side flap
  say 'a pair of kernels'
  for flap in down_and_up made_again; do
    for side in $SIDES; do
      new_run "flaps-kernel-$flap-$side/1/1"
      sync_pair kernel-tuned
      start_servers
      kernel_change 'before' true
      kernel_change "$side: $flap" "$flap" "$side"
      bed_down
    done
  done
}

for part in $PARTS; do "part_$part"; done
