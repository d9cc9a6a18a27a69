# Two machines with different kernels, 6.1 beside a newer one, each as either side, the kernel's daemon or ours: what one opens is in both kernels
# Needs: daemon machines kernels
# The directors are two machines with an Ethernet between them. Connections stay from one kind of sync to the next, so each of them must keep all.
# shellcheck source=tests/lab/lib/operator.sh
source "$LAB/lib/operator.sh"
DEB=$(basename "$PACKAGE")
declare -A ROLE=([A]=master [B]=backup)

# boot_mixed KERNEL-OF-A KERNEL-OF-B
boot_mixed() {
  local name
  for name in A B; do
    machine_make "$name"
    cp "$PACKAGE" "$MACHINE/$name/root/"
    install -m 755 "$PROBE_FILE" "$MACHINE/$name/root/ipvs-lab"
  done
  machine_boot A 7001 7002 "${UML_OF[$1]}"
  machine_boot B 7002 7001 "${UML_OF[$2]}"
  for name in A B; do machine_await "$name"; done
  on A 'ip addr add 10.2.0.1/24 dev vec0 && ip link set vec0 up' && on B 'ip addr add 10.2.0.2/24 dev vec0 && ip link set vec0 up'
  for name in A B; do
    on "$name" "apt-get install -qq -y ./$DEB" >/dev/null || give_up "the package cannot be installed on $name"
    configure "$name" '{ "IpvsSync": { "Interface": "vec0" } }'
    on "$name" 'modprobe -a ip_vs ip_vs_rr'
  done
  make_traffic_path
  for name in A B; do make_service "$name"; done
  say "A runs $(on A 'uname -r'), B $(on B 'uname -r')"
}

# sync_on NAME KIND, sync_off NAME KIND: kernel or ours.
sync_on() {
  if [[ $2 == ours ]]; then on "$1" "systemctl start $UNIT"; else on "$1" "ipvsadm --start-daemon ${ROLE[$1]} --mcast-interface vec0"; fi
}

sync_off() {
  if [[ $2 == ours ]]; then on "$1" "systemctl stop $UNIT"; else on "$1" "ipvsadm --stop-daemon ${ROLE[$1]}"; fi
}

# crosses KIND-OF-A KIND-OF-B: opens connections through A while these keep them in step.
crosses() {
  sync_on B "$2" && sync_on A "$1" || fail "$1 on A and $2 on B do not start"
  open_connections "$FIRST_PORT"
  AT_LEAST=$((AT_LEAST + 100)) FIRST_PORT=$((FIRST_PORT + 1000))
  check_crossed "$1 on A, $2 on B" "$AT_LEAST"
  sync_off A "$1" && sync_off B "$2" || fail "$1 on A and $2 on B do not stop"
}

mixed_pair() {
  local kinds
  boot_mixed "$@"
  FIRST_PORT=10000 AT_LEAST=0
  for kinds in 'kernel kernel' 'kernel ours' 'ours kernel' 'ours ours'; do
    # shellcheck disable=SC2086 # two words
    crosses $kinds
  done
  machine_off A
  machine_off B
  wait
  rm -rf "${MACHINE:?}"/{A,B} "$MACHINE"/{A,B}.machine
}

mixed_pair uml "$KERNEL"
mixed_pair "$KERNEL" uml
