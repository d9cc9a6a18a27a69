#!/bin/bash
# namespace.sh NAME VIP PORT: sets up the inside of one namespace, in one process.
name=$1 vip=$2 port=$3
declare -A last=([client]=1 [A]=2 [B]=3 [C]=4 [r1]=11 [r2]=12)

quiet_ipv6() { [[ -e /proc/sys/net/ipv6/conf/$1 ]] && echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"; }

for device in lo front sync sync2; do quiet_ipv6 "$device"; done
{
  echo 'link set lo up'
  echo "addr add 10.1.0.${last[$name]}/24 dev front"
  echo 'link set front up'
  case $name in
    A | B | C)
      echo "addr add 10.2.0.$((${last[$name]} - 1))/24 dev sync"
      echo 'link set sync up mtu 1500'
      [[ -e /proc/sys/net/ipv4/conf/sync2 ]] && printf '%s\n' "addr add 10.3.0.$((${last[$name]} - 1))/24 dev sync2" 'link set sync2 up mtu 1500'
      [[ $name == A ]] && echo "addr add $vip/32 dev front"
      ;;
    r1 | r2) echo "addr add $vip/32 dev lo" ;;
  esac
} | ip -batch -

case $name in
  r1 | r2)
    for conf in all front; do
      echo 1 >/proc/sys/net/ipv4/conf/$conf/arp_ignore
      echo 2 >/proc/sys/net/ipv4/conf/$conf/arp_announce
    done
    ;;
  A | B | C)
    echo 1 >/proc/sys/net/ipv4/ip_forward
    for conf in all default front; do echo 0 >/proc/sys/net/ipv4/conf/$conf/send_redirects; done
    ipvsadm --restore <<END
-A -t $vip:$port -s rr
-a -t $vip:$port -r 10.1.0.11:$port -g
-a -t $vip:$port -r 10.1.0.12:$port -g
END
    ;;
esac
exit 0
