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
declare -Ar LINK_ADDRESS=([A]=10.2.0.1 [B]=10.2.0.2 [C]=10.2.0.3)
# The sync links of a bed. A scenario that sets it to (sync sync2) has a second bridge "sync2", 10.3.0.0/24, with the same last numbers.
BED_LINKS=(sync)
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
  local name link
  for name in client A B r1 r2; do echo "netns add $name"; done
  for link in front "${BED_LINKS[@]}"; do
    echo "link add $link type bridge mcast_snooping 0"
    echo "link set $link up"
  done
  for name in client A B r1 r2; do bed_link "$name" front; done
  for link in "${BED_LINKS[@]}"; do
    for name in A B; do bed_link "$name" "$link"; done
  done
}

# bed_third: adds director C, like B, on both bridges. bed_third_down removes it again.
bed_third() {
  { echo 'netns add C' && bed_link C front && bed_link C sync; } | ip -batch - || give_up "director C cannot be built"
  in_ns C bash "$LAB/lib/namespace.sh" C "$VIP" "$PORT"
}

bed_third_down() { printf '%s\n' 'link del front-C' 'link del sync-C' 'netns del C' | ip -batch -; }

# bed_link NAME BRIDGE: creates interface BRIDGE in the namespace, and port BRIDGE-NAME on the bridge.
bed_link() {
  echo "link add $2-$1 type veth peer name $2 netns $1"
  echo "link set $2-$1 master $2 up"
}

# bed_reboot NAME: the director boots with an empty kernel and an empty /run: its namespace is made anew. It has no virtual address. Its own addresses are
# there before its links.
bed_reboot() {
  local link
  {
    for link in front "${BED_LINKS[@]}"; do echo "link del $link-$1"; done
    echo "netns del $1"
    echo "netns add $1"
    for link in front "${BED_LINKS[@]}"; do echo "link add $link-$1 type veth peer name $link netns $1"; done
  } | ip -batch - || give_up "$1 does not boot"
  in_ns "$1" bash "$LAB/lib/namespace.sh" "$1" "$VIP" "$PORT"
  [[ $1 != A ]] || ip -n A addr del "$VIP/32" dev front
  for link in front "${BED_LINKS[@]}"; do printf 'link set %s-%s master %s up\n' "$link" "$1" "$link"; done | ip -batch -
  rm -rf "$(run_directory "$1")/run"
}

# bed_down: removes the whole bed. Namespaces take their connections and sync daemons with them.
bed_down() {
  local pid name link
  for pid in "${BED_PIDS[@]}"; do kill -KILL "$pid" 2>/dev/null; done
  for pid in "${BED_PIDS[@]}"; do wait "$pid" 2>/dev/null; done
  BED_PIDS=()
  for name in A B; do
    in_ns "$name" bash -c 'ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup' 2>/dev/null
  done
  # Delete links by name: a namespace releases its own links only some time after its deletion.
  {
    for name in client A B r1 r2; do echo "link del front-$name"; done
    for link in "${BED_LINKS[@]}"; do printf 'link del %s\n' "$link" "$link-A" "$link-B"; done
    echo 'link del front'
    for name in client A B r1 r2; do echo "netns del $name"; done
  } | ip -batch - || give_up "the test bed cannot be taken down"
}

# crash [GAP-MS] [FIRST]: cuts all links of A at once. With a gap, cuts the client's link first (or with FIRST=sync, the sync links).
crash() {
  local order=(front-A "${BED_LINKS[@]/%/-A}")
  [[ ${2:-front} == sync ]] && order=("${BED_LINKS[@]/%/-A}" front-A)
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
