#!/bin/bash
# In FT-FW mode, conntrackd does not repeat the request of StartupResync if its datagram is lost, and nothing says so.
#
# Expected: conntrackd.conf(5) calls FT-FW "a reliable protocol" that "can recover from message loss". It says of StartupResync that "a single
# request will be made"; a request in this mode is a message as any other. If the network loses the first datagrams after the start, the
# request is sent again once the network works.
# Seen: it never is. The other node does not miss it: it counts no lost message. The node that has started holds nothing, and its log says
# only that a resync was requested. The same request by `conntrackd -n`, lost some seconds after the start, is missed and sent again.
# Why it matters: the first datagrams after a boot are those that are lost most often, for example while the port of a switch does not
# forward yet. The restarted firewall then stays without the connections of the other one, until somebody compares or types `conntrackd -n`.
#
# Needs a kernel with nf_conntrack and nftables, iproute2, nftables, util-linux, and apt on Debian 12, from which it unpacks conntrackd and
# conntrack into a temporary folder. Privileges are not needed where users may make namespaces. Exit status 0: seen as described; 1: the
# behaviour is another one; 2: it could not be tried.
set -eu

VERSION=1:1.4.7-1+b2
ENTRIES=1000
PACKAGES=("conntrack=$VERSION" "conntrackd=$VERSION" libnetfilter-conntrack3=1.0.9-3 libnetfilter-cthelper0=1.0.1-1 libnetfilter-queue1=1.0.5-3
  libnfnetlink0=1.0.2-2)

case ${1-} in
'') ;;
--help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 0 ;;
--inside) folder=$2 ;;
*) echo "usage: $0 [--help]" >&2; exit 2 ;;
esac

if [[ ${1-} != --inside ]]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 2' HUP INT TERM
  # apt hands its downloads to a user of its own, where it runs as root.
  mkdir -m 777 "$folder/packages"
  chmod 755 "$folder"
  (cd "$folder/packages" && apt-get download "${PACKAGES[@]}") >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 2; }
  for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
  # The namespaces end with their last process, and all their processes with the first one.
  status=0
  unshare --user --map-root-user --net --mount --pid --fork --kill-child --mount-proc "$BASH" "$0" --inside "$folder" || status=$?
  exit "$status"
fi

export PATH=$folder/root/usr/sbin:$PATH:/usr/sbin:/sbin
LD_LIBRARY_PATH=$(echo "$folder"/root/usr/lib/*-linux-*)
export LD_LIBRARY_PATH

# within NODE COMMAND...: runs it in this node's network namespace.
within() { ip netns exec "$1" "${@:2}"; }

# configure NODE ADDRESS PEER STARTUP-RESYNC
configure() {
  cat >"$folder/$1.conf" <<END
Sync {
  Mode FTFW {
    StartupResync $4
  }
  UDP {
    IPv4_address $2
    IPv4_Destination_Address $3
    Port 3780
    Interface sync
    Checksum on
  }
}
General {
  HashSize 4096
  HashLimit 65536
  LogFile $folder/$1.log
  LockFile $folder/$1.lock
  UNIX {
    Path $folder/$1.ctl
  }
  NetlinkBufferSize 1048576
  NetlinkBufferSizeMaxGrowth 2097152
  Filter From Userspace {
    Protocol Accept {
      TCP
    }
  }
}
END
}

ask() { within "$1" conntrackd -C "$folder/$1.conf" "${@:2}" 2>/dev/null; }

# holds NODE internal|external: prints the number of entries in this cache.
holds() { ask "$1" -s | awk -v cache="cache $2:" '$0 == cache {mine = 1} mine && /current active/ {print $4; exit}'; }

# await NODE internal|external: waits until the cache holds all entries, for 15 seconds at most.
await() {
  local tries
  for ((tries = 0; tries < 150; tries++)); do
    [[ $(holds "$1" "$2") != "$ENTRIES" ]] || return 0
    sleep 0.1
  done
  return 1
}

# deaf COMMAND...: A receives nothing until half a second after the command was started.
deaf() {
  within A nft -f - <<END || exit 2
table ip deaf {
  chain input {
    type filter hook input priority 0
    udp dport 3780 drop
  }
}
END
  "$@"
  sleep 0.5
  within A nft delete table ip deaf
}

start() { within "$1" conntrackd -C "$folder/$1.conf" >"$folder/$1.out" 2>&1 & }

# restart: ends B and starts it anew.
restart() {
  ask B -k >/dev/null || true
  while [[ -e $folder/B.ctl ]]; do sleep 0.1; done
  start B
}

# try TEXT EXPECTED: waits until B holds all entries, or 15 seconds, and compares what it holds.
try() {
  local held
  await B external || true
  held=$(holds B external) || held=unknown
  echo "$1: $held of $ENTRIES"
  [[ $held == "$2" ]] || {
    echo "  This differs. Expected $2."
    faults=1
  }
}

mount -t tmpfs none /run
for node in A B; do ip netns add "$node" || exit 2; done
ip -n A link add sync type veth peer name sync netns B || exit 2
ip -n A address add 10.255.0.1/24 dev sync
ip -n B address add 10.255.0.2/24 dev sync
for node in A B; do ip -n "$node" link set sync up; done
configure A 10.255.0.1 10.255.0.2 no
configure B 10.255.0.2 10.255.0.1 yes

for ((i = 0; i < ENTRIES; i++)); do
  echo "-I -s 192.0.2.1 -d 203.0.113.10 -p tcp --sport $((1024 + i)) --dport 80 --state ESTABLISHED -t 3600 -u SEEN_REPLY,ASSURED"
done >"$folder/connections"
within A conntrack -R "$folder/connections" >"$folder/out" 2>&1 || { cat "$folder/out" >&2; exit 2; }
start A
await A internal || { cat "$folder/A.out" >&2; exit 2; }

faults=0
conntrackd -v | head -n 1
start B
try 'StartupResync, nothing lost' "$ENTRIES"
deaf restart
try 'StartupResync, the first half second lost' 0
deaf ask B -n
try 'conntrackd -n of the same node later, its half second lost' "$ENTRIES"
((faults == 0))
