#!/bin/bash
# Tests the nftables rules of deploy/nftables, as shipped, on the host's own kernel in a network namespace: who can multicast to the feed and the
# injector on lo. Run by tests/lab/run as fence.sh PROBE; exit status 0 passed, 1 failed, 2 not possible here.
RULES=$(dirname "${BASH_SOURCE[0]}")/../../../deploy/nftables/ipvs-syncd.nft
PROBE=$1
DAEMON_USER=65534
STRANGER=65533
FAILED=0

if [[ ${2:-} != inside ]]; then
  ((EUID == 0)) || { echo '  skip  the rules need root on the host' && exit 2; }
  unshare --net nft add table inet probe 2>/dev/null || { echo "  skip  the host's kernel has no nftables" && exit 2; }
  exec unshare --net bash "$0" "$1" inside
fi

# verdict TEXT EXPECTED ACTUAL
verdict() {
  if [[ $2 == "$3" ]]; then echo "  ok    $1"; else echo "  FAIL  $1: expected '$2', got '$3'" && FAILED=1; fi
}

# passed: prints how many packets the rules have accepted so far. A chain after theirs counts them.
passed() { nft list chain inet after count | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# sends UID PORT: sends one datagram as this user, and prints how many pass.
sends() {
  local before
  before=$(passed)
  setpriv --reuid "$1" --regid "$1" --clear-groups "$PROBE" forge --to 224.0.0.81 --port "$2" --from 127.0.0.1 --client 10.1.0.1 --client-port 1 \
    --service 10.1.0.100 --destination 10.1.0.11 2>/dev/null
  echo $(($(passed) - before))
}

# load: loads the file with another user, because this machine does not have the file's user.
load() { sed "s/ipvs-sync }/$DAEMON_USER }/" "$RULES" | nft -f -; }

ip link set lo up
nft add table inet after
nft add chain inet after count '{ type filter hook output priority 100 ; }'
nft add rule inet after count oifname lo ip daddr 224.0.0.81 counter
verdict 'without the rules, another user reaches the injector' 1 "$(sends $STRANGER 28848)"
load
verdict 'nft accepts the file' 0 $?
load
verdict 'nft accepts it a second time' 0 $?
verdict 'there is still only one table' 1 "$(nft list tables | grep -c ipvs_sync)"
for port in 18848 18911 28848 28911; do
  verdict "another user does not reach port $port" 0 "$(sends $STRANGER $port)"
  verdict "the daemon reaches port $port" 1 "$(sends $DAEMON_USER $port)"
  verdict "root reaches port $port" 1 "$(sends 0 $port)"
done
verdict 'another user reaches any other port' 1 "$(sends $STRANGER 28912)"
verdict 'the rules count what they drop' 4 "$(nft list table inet ipvs_sync | sed -n 's/.*counter packets \([0-9]*\).*/\1/p')"
exit $FAILED
