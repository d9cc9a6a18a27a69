#!/bin/bash
# Wireshark shows a connection that nobody told, in the place of the one that follows a persistence template of SIP.
#
# Expected: Wireshark decodes the kernel's sync protocol, versions 0 and 1, so a capture of a sync network tells which connections were told.
# Seen: an entry of version 1 may end with options, as those of the persistence engine "sip" do, and its length says so. Wireshark shows that length
# and goes on behind the fixed part all the same: it reads the options as the next connection. That one has the Call-ID for addresses and ports,
# and the connection that was told is not shown. Nothing marks the packet as malformed.
# Why it matters: who looks for a missing connection with tshark concludes that the master never sent it, and finds another that no kernel has.
#
# Needs perl-base, and apt on Debian 12, from which it unpacks tshark and what that needs into a temporary folder. Exit status 0: seen as
# described; 1: the behaviour is another one; 2: it could not be tried.
set -eu

VERSION=4.0.17-0+deb12u3
PACKAGES=("tshark=$VERSION" "wireshark-common=$VERSION" "libwireshark16=$VERSION" "libwireshark-data=$VERSION" "libwiretap13=$VERSION" "libwsutil14=$VERSION")

case ${1-} in
'') ;;
--help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 0 ;;
*) echo "usage: $0 [--help]" >&2; exit 2 ;;
esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
mkdir -p "$folder/cache/archives/partial"
apt-get install --download-only --yes --no-install-recommends -o Dir::Cache="$folder/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  "${PACKAGES[@]}" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 2; }
for package in "$folder"/cache/archives/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
[[ -x $folder/root/usr/bin/tshark ]] || { echo 'tshark is installed already: try where it is not' >&2; exit 2; }

export LD_LIBRARY_PATH=$folder/root/usr/lib/$(uname -m)-linux-gnu:$folder/root/lib/$(uname -m)-linux-gnu HOME=$folder
export WIRESHARK_DATA_DIR=$folder/root/usr/share/wireshark WIRESHARK_PLUGIN_DIR=$folder/none
"$folder/root/usr/bin/tshark" --version 2>/dev/null | head -n 1

# One message in a capture: a template with the options PE_DATA and PE_NAME, and a connection.
perl - >"$folder/capture.pcap" <<'PERL'
use strict;
sub address { pack 'C4', split /\./, shift }

# entry PROTOCOL, FLAGS, STATE, TIMEOUT, CLIENT, PORT, VIRTUAL, PORT, REAL, PORT, OPTIONS: an IPv4 entry of version 1, padded to 4 bytes.
sub entry {
  my ($protocol, $flags, $state, $timeout, $client, $cport, $virtual, $vport, $real, $dport, $options) = @_;
  my $entry = pack('CCnNnnnnNN', 0, $protocol, 36 + length $options, $flags, $state, $cport, $vport, $dport, 0, $timeout)
    . address($client) . address($virtual) . address($real) . $options;
  return $entry . "\0" x (-length($entry) % 4);
}

my $options = pack('CC/a', 2, 'a84b4c76e66710@198.51.100.7') . pack('CC/a', 3, 'sip');
my $entries = entry(17, 0x1180, 0, 360, '198.51.100.7', 0, '203.0.113.10', 5060, '10.0.0.11', 5060, $options)
  . entry(6, 0x80, 1, 900, '198.51.100.8', 40001, '203.0.113.10', 80, '10.0.0.12', 80, '');
my $message = pack('CCnCCn', 0, 0, 8 + length $entries, 2, 1, 0) . $entries;
my $udp = pack('nnnn', 8848, 8848, 8 + length $message, 0) . $message;
my $ip = pack('CCnnnCCn', 0x45, 0, 20 + length $udp, 0, 0, 1, 17, 0) . address('192.0.2.1') . address('224.0.0.81') . $udp;
print pack('VvvVVVV', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101) . pack('VVVV', 0, 0, length $ip, length $ip) . $ip;    # raw IP
PERL

# shown FIELD: what is shown of each connection.
shown() {
  "$folder/root/usr/bin/tshark" -r "$folder/capture.pcap" -T fields -e "$1" 2>>"$folder/log"
}

clients=$(shown ipvs.caddr) clients6=$(shown ipvs.caddr6) ports=$(shown ipvs.cport) lengths=$(shown ipvs.size.v1) malformed=$(shown _ws.malformed)
echo 'told:  198.51.100.7 port 0, 70 bytes with its options; 198.51.100.8 port 40001, 36 bytes'
echo "shown: clients $clients $clients6, ports $ports, bytes $lengths; malformed: ${malformed:-no}"
[[ $clients != *198.51.100.8* && $ports == 0,* && $ports != *40001* && $lengths == 70,* && -z $malformed ]] ||
  { echo 'expected by this script: another connection in the place of the second' >&2; exit 1; }
