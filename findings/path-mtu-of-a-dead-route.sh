#!/bin/bash
# A connected UDP socket whose interface was removed says that the MTU of its path is 68, until something is sent.
#
# Expected: ip(7) says of IP_MTU that it is "the current known path MTU of the current socket", and that it fails with ENOTCONN without a
# connection. While the interface is gone there is no path: an error, or the MTU that was known before.
# Seen: 68, the least that IPv4 allows. While the interface is only down it is still the old value, and once a datagram was refused
# (ENETUNREACH) it is the expected ENOTCONN.
# Why it matters: a daemon that makes its messages as large as IP_MTU says makes them 40 bytes long when an interface is made again, and
# not one connection fits. The value looks valid; nothing tells it from a router's report.
#
# Needs a kernel with veth, util-linux, perl-base, and apt on Debian 12, from which it unpacks iproute2 into a temporary folder. Privileges
# are not needed where users may make namespaces. Exit status 0: seen as described; 1: the behaviour is another one; 2: it could not be tried.
set -eu

PACKAGES=(iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libmnl0=1.0.4-3)
SEEN='up 1500, down 1500, up again 1500, removed 68, send Network is unreachable, then Transport endpoint is not connected'

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
ip link add near mtu 1500 type veth peer name far && ip link set far up || exit 2
ip addr add 192.0.2.1/24 dev near && ip link set near up || exit 2

seen=$(perl -MSocket -e '
  my ($IP_MTU_DISCOVER, $IP_PMTUDISC_DO, $IP_MTU, $SO_BINDTODEVICE) = (10, 2, 14, 25);
  sub mtu { my $value = getsockopt($s, 0, $IP_MTU); defined $value ? unpack("i", $value) : "$!" }
  socket($s, AF_INET, SOCK_DGRAM, 17) && setsockopt($s, 0, $IP_MTU_DISCOVER, pack("i", $IP_PMTUDISC_DO))
    && setsockopt($s, SOL_SOCKET, $SO_BINDTODEVICE, "near\0") && connect($s, sockaddr_in(9, inet_aton("192.0.2.2"))) or die "$!\n";
  my @seen = "up " . mtu();
  system("ip link set near down") && exit 2; push @seen, "down " . mtu();
  system("ip link set near up") && exit 2; push @seen, "up again " . mtu();
  system("ip link del near") && exit 2; push @seen, "removed " . mtu();
  push @seen, "send " . (defined send($s, "x", 0) ? "taken" : "$!"), "then " . mtu();
  print join(", ", @seen);
') || exit 2
echo "$seen"
[[ $seen == "$SEEN" ]] || { echo "expected by this script: $SEEN" >&2; exit 1; }
