#!/bin/bash
# What a UDP socket with UDP_GRO has dropped is counted in pieces, and one piece is up to 64 datagrams.
#
# Expected: ss(8) says of the "d" in skmem that it is the number of packets that were dropped before they reached the socket. On a loopback that
# loses nothing else, that is what was sent and not received.
# Seen: without UDP_GRO it is. With it, 40 datagrams that were sent in one call (UDP_SEGMENT) wait as one buffer, are dropped as one, and count as
# one: 40 times as many are lost as ss says. Nothing tells how many a piece had.
# Why it matters: a receiver that turns UDP_GRO on to be cheaper reports a fortieth of its loss from then on, and an alert on that counter
# stays silent. Only numbers in the messages tell what was lost.
#
# Needs perl-base, util-linux, a kernel with UDP_SEGMENT and UDP_GRO (5.0), and apt on Debian 12, from which it unpacks iproute2 into a temporary
# folder. Privileges are not needed where users may make namespaces. Exit status 0: seen as described; 1: the behaviour is another one; 2: it could
# not be tried.
set -eu

PACKAGES=(iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libmnl0=1.0.4-3)

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
  mkdir -m 777 "$folder/packages"
  chmod 755 "$folder"
  (cd "$folder/packages" && apt-get download "${PACKAGES[@]}") >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 2; }
  for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
  status=0
  unshare --user --map-root-user --net --pid --fork --kill-child "$BASH" "$0" --inside "$folder" || status=$?
  exit "$status"
fi

export PATH=$folder/root/bin:$folder/root/sbin:$PATH LD_LIBRARY_PATH=$folder/root/usr/lib/$(uname -m)-linux-gnu
echo "kernel $(uname -r), $(ip -V)"
ip link set lo up || exit 2

# measure GRO: 50 calls with 40 datagrams of 1000 bytes each, to a socket that has room for a few of them. Prints how many came not, and how many
# ss counts as dropped.
measure() {
  perl - "$1" <<'PERL'
use strict;
use Socket;
my ($gro) = @ARGV;
my ($udp, $udp_segment, $udp_gro) = (17, 103, 104);
my ($datagrams, $size, $calls) = (40, 1000, 50);

socket(my $receiver, AF_INET, SOCK_DGRAM, 0) or exit 2;
bind($receiver, sockaddr_in(0, INADDR_LOOPBACK)) or exit 2;
setsockopt($receiver, SOL_SOCKET, SO_RCVBUF, pack 'i', 65536) or exit 2;
setsockopt($receiver, $udp, $udp_gro, pack 'i', $gro) or exit 2;
my ($port) = sockaddr_in(getsockname $receiver);

socket(my $sender, AF_INET, SOCK_DGRAM, 0) or exit 2;
connect($sender, sockaddr_in($port, INADDR_LOOPBACK)) or exit 2;
setsockopt($sender, $udp, $udp_segment, pack 'i', $size) or exit 2;
for (1 .. $calls) { send($sender, 'x' x ($datagrams * $size), 0) or exit 2; }

my $came = 0;
while (defined recv($receiver, my $data, 65536, 0x40)) { $came += length($data) / $size; }    # MSG_DONTWAIT
my ($dropped) = `ss -Huanm sport = :$port` =~ /skmem:\(.*d(\d+)\)/ or exit 2;
print $datagrams * $calls - $came, " $dropped\n";
PERL
}

read -r lost dropped < <(measure 0) || exit 2
echo "without UDP_GRO: $lost datagrams lost, $dropped counted"
read -r lost_in_pieces dropped_in_pieces < <(measure 1) || exit 2
echo "with UDP_GRO: $lost_in_pieces datagrams lost, $dropped_in_pieces counted"
((lost > 0 && lost == dropped && dropped_in_pieces > 0 && lost_in_pieces == 40 * dropped_in_pieces)) ||
  { echo 'expected by this script: as many, and 40 times as many' >&2; exit 1; }
