# shellcheck shell=bash
# The test bed: client, directors A and B, real servers r1 and r2 in namespaces of one kernel.
#
#   client .1 --+                        +-- A .2 --+
#               |  bridge "front"        |          |  bridge "sync"
#   r1 .11 -----+  10.1.0.0/24    -------+          +-- 10.2.0.0/24: nothing but sync traffic
#   r2 .12 -----+  virtual address .100  +-- B .3 --+
#
# Direct routing: both real servers have the virtual address on lo and answer the client directly.

VIP=10.1.0.100
PORT=80
GROUP=224.0.0.81
SYNC_PORT=8848
declare -Ar FRONT_ADDRESS=([client]=10.1.0.1 [A]=10.1.0.2 [B]=10.1.0.3 [r1]=10.1.0.11 [r2]=10.1.0.12)
declare -Ar LINK_ADDRESS=([A]=10.2.0.1 [B]=10.2.0.2)
BED_PIDS=()

# in_ns NAME COMMAND...: runs it in the foreground. start_in NAME COMMAND...: runs it in the background; $STARTED is its process.
in_ns() { nsenter --net="/run/netns/$1" -- "${@:2}"; }

start_in() {
  nsenter --net="/run/netns/$1" -- "${@:2}" <&0 &
  STARTED=$!
  BED_PIDS+=("$STARTED")
}

# pause SECONDS: waits without starting a process, which would cost more here than what is measured.
pause() { read -r -t "$1" -u "$NEVER" || true; }

# has_said FILE WORD: whether the file contains the word. Starts no process either.
has_said() {
  local text
  IFS= read -r -d '' text <"$1"
  [[ $text == *"$2"* ]]
}

bed_up() {
  local name
  bed_links | ip -batch - || give_up "the test bed cannot be built"
  for name in A B r1 r2 client; do in_ns "$name" bash "$LAB/lib/namespace.sh" "$name" "$VIP" "$PORT"; done
}

# One batch for everything that the root namespace can do, because a process start is expensive here.
bed_links() {
  local name
  for name in client A B r1 r2; do echo "netns add $name"; done
  echo 'link add front type bridge mcast_snooping 0'
  echo 'link add sync type bridge mcast_snooping 0'
  echo 'link set front up'
  echo 'link set sync up'
  for name in client A B r1 r2; do bed_link "$name" front; done
  for name in A B; do bed_link "$name" sync; done
}

# bed_third: adds director C, like B, on both bridges. Only for a scenario with one bed, because bed_down does not remove it.
bed_third() {
  { echo 'netns add C' && bed_link C front && bed_link C sync; } | ip -batch - || give_up "director C cannot be built"
  in_ns C bash "$LAB/lib/namespace.sh" C "$VIP" "$PORT"
}

# bed_link NAME BRIDGE: creates interface BRIDGE in the namespace, and port BRIDGE-NAME on the bridge.
bed_link() {
  echo "link add $2-$1 type veth peer name $2 netns $1"
  echo "link set $2-$1 master $2 up"
}

# bed_down: removes the whole bed. Namespaces take their connections and sync daemons with them.
bed_down() {
  local pid name
  for pid in "${BED_PIDS[@]}"; do kill -KILL "$pid" 2>/dev/null; done
  for pid in "${BED_PIDS[@]}"; do wait "$pid" 2>/dev/null; done
  BED_PIDS=()
  for name in A B; do
    in_ns "$name" bash -c 'ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup' 2>/dev/null
  done
  # Delete links by name: a namespace releases its own links only some time after its deletion.
  {
    for name in client A B r1 r2; do echo "link del front-$name"; done
    for name in front sync sync-A sync-B; do echo "link del $name"; done
    for name in client A B r1 r2; do echo "netns del $name"; done
  } | ip -batch - || give_up "the test bed cannot be taken down"
}

# crash [GAP-MS] [FIRST]: cuts both links of A at once. With a gap, cuts the client's link first (or with FIRST=sync, the sync link).
crash() {
  local order=(front-A sync-A)
  [[ ${2:-front} == sync ]] && order=(sync-A front-A)
  "$PROBE" cut "${order[@]}" --gap-ms "${1:-0}" --out "$RUN_DIR/cut.json"
}

# takeover: gives B the virtual address, and clears the client's neighbour table.
takeover() {
  printf '%s\n' "addr add $VIP/32 dev front" | ip -n B -batch -
  ip -n client neigh flush dev front
}

# A director's tables may contain other services, too. The functions below select the bed's own service.
VIP_HEX=0A010064

# entries NAME [FILE]: prints the service's connections in /proc/net/FILE (ip_vs_conn).
entries() { in_ns "$1" awk -v vip="$VIP_HEX" 'NR > 1 && $4 == vip' "/proc/net/${2:-ip_vs_conn}"; }

# table NAME: prints their keys, states and destinations, without timers, sorted.
table() { entries "$1" | awk '{ print $1, $2, $3, $4, $5, $6, $7, $8 }' | sort; }

# destinations NAME: prints the real servers with method, active and inactive connections.
destinations() { in_ns "$1" ipvsadm -Ln -t "$VIP:$PORT" | awk '/->/ && !/RemoteAddress/ { print $2, $3, $5, $6 }' | sort; }
