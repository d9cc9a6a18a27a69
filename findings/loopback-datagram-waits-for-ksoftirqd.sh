#!/bin/bash
# On Linux 6.1, a datagram to the loopback is in no socket when sendto() has returned, while the processor's ksoftirqd waits to run.
#
# Expected: what is sent to 127.0.0.1 is in the receiver's queue when sendto() returns, or is counted as dropped. Tools wait "until the
# queue in /proc/net/udp is empty" and take that for "the receiver has read everything".
# Seen: now and then, fifty datagrams in a row are nowhere: recv() says EAGAIN, /proc/net/udp says 0 bytes and 0 drops. They come all at
# once as soon as ksoftirqd has had the processor. A kernel thread that is runnable and not running keeps all softirqs to itself
# (kernel/softirq.c: ksoftirqd_running()), and the sender goes on for the rest of its time slice.
# Why it matters: the sync feed of a director comes over the loopback. Whoever paces it by the receiver's queue sends on until hundreds of
# datagrams overflow the socket at once; with more than net.core.netdev_max_backlog they are lost where only /proc/net/softnet_stat
# counts them. Udp: InDatagrams in /proc/net/snmp, compared with OutDatagrams, tells what was read.
#
# Needs perl-base, mount, and apt on Debian 12, from which it unpacks user-mode-linux into a temporary folder; no privileges. Exit status 0: seen
# as described; 1: the behaviour is another one; 2: it could not be tried.
set -eu

PACKAGES=(user-mode-linux=6.1um4+b13)
SEEN='50 sent: recv EAGAIN, queue 0, drops 0, ksoftirqd R; 100 ms later: 50 received'

case ${1-} in
'') ;;
--help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 0 ;;
*) echo "usage: $0 [--help]" >&2; exit 2 ;;
esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
(cd "$folder" && apt-get download "${PACKAGES[@]}") >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 2; }
for package in "$folder"/*.deb; do dpkg-deb -x "$package" "$folder/root"; done

# The first process of the kernel. Each round has a network of its own, whose end is work for softirqs.
cat >"$folder/init" <<'END'
#!/usr/bin/perl
use Socket;
use Errno;
use Fcntl;
$| = 1;
my ($CLONE_NEWNET, $SIOCSIFFLAGS, $SYS_unshare, $SYS_reboot) = (0x40000000, 0x8914, 272, 169);
sub udp { socket(my $socket, AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n"; $socket }
sub first { open(my $file, "<", $_[0]) or return ""; my $line = <$file>; chomp $line; $line }
my ($thread) = grep { first("/proc/$_/comm") eq "ksoftirqd/0" } system("mount", "-t", "proc", "proc", "/proc") ? () : map { m{(\d+)} } glob("/proc/[0-9]*");
ROUND: for my $round (1 .. 1000) {
  syscall($SYS_unshare, $CLONE_NEWNET) == 0 or die "unshare: $!\n";
  my ($in, $out, $up, $place) = (udp(), udp(), pack("a16 s x22", "lo", 1), pack_sockaddr_in(9000, INADDR_LOOPBACK));
  ioctl($in, $SIOCSIFFLAGS, $up) && bind($in, $place) && connect($out, $place) && fcntl($in, F_SETFL, O_NONBLOCK) or die "$!\n";
  my $missing = 0;
  for (1 .. 500) {
    send($out, "x", 0) or die "send: $!\n";
    $missing++;
    $missing-- while defined recv($in, my $data, 1, 0);
    next if $missing < 50;
    my $error = $!{EAGAIN} ? "EAGAIN" : "$!";
    my ($line) = grep { /:2328 00000000/ } do { open(my $file, "<", "/proc/thread-self/net/udp"); <$file> };
    my @column = split(" ", $line);
    my ($queue, $drops) = (hex((split(/:/, $column[4]))[1]), $column[12]);
    my $state = (split(" ", first("/proc/$thread/stat")))[2];
    select(undef, undef, undef, 0.1);
    my $received = 0;
    $received++ while defined recv($in, my $data, 1, 0);
    print "round $round\nseen: $missing sent: recv $error, queue $queue, drops $drops, ksoftirqd $state; 100 ms later: $received received\n";
    last ROUND;
  }
}
syscall($SYS_reboot, 0xfee1dead, 672274793, 0x4321fedc, 0);
END
chmod 755 "$folder/init"
uml=$folder/root/usr/bin/linux.uml
echo "user-mode-linux $("$uml" --version)"
timeout 120 "$uml" mem=128M umid=try "uml_dir=$folder/" rootfstype=hostfs root=/dev/root ro "init=$folder/init" con=null con0=fd:0,fd:1 quiet \
  </dev/null >"$folder/log" 2>&1 || true
seen=$(sed -n 's/^seen: //p' "$folder/log" | tr -d '\r')
echo "${seen:-$(tail -n 5 "$folder/log")}"
[[ -n $seen ]] || exit 1
[[ $seen == "$SEEN" ]] || { echo "expected by this script: $SEEN" >&2; exit 1; }
