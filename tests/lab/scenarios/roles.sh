# A director that only sends and one that only receives; then a pair with an IPv6 sync group
# Needs: daemon

say 'A: Role=Master, B: Role=Backup'
new_run roles/50/1
before_A=$(footprint A)
before_B=$(footprint B)
sync_ours B Role=Backup && sync_ours A Role=Master
check_equal 'A runs a master and no backup' 'master' "$(daemon_roles A)"
check_equal 'B runs a backup and no master' 'backup' "$(daemon_roles B)"
for name in A B; do
  ours_stop $name
  check_equal "$name: exit status" 0 $?
done
check_unchanged A "$before_A"
check_unchanged B "$before_B"
sync_ours B Role=Backup && sync_ours A Role=Master
check_crossing roles 50 3
for name in A B; do
  ours_stop $name
  check_equal "$name: exit status after the crash" 0 $?
  check_equal "$name: no kernel daemon is left" '' "$(daemon_roles $name)"
done
bed_down

say 'a sync group of IPv6, link-local addresses'
new_run group6/50/1
for name in A B; do
  in_ns $name bash -c 'echo 1 >/proc/sys/net/ipv6/conf/sync/addr_gen_mode; echo 0 >/proc/sys/net/ipv6/conf/sync/disable_ipv6'
done
in_ns A ip -6 addr add fe80::a/64 dev sync nodad
in_ns B ip -6 addr add fe80::b/64 dev sync nodad
sync_ours B Group=ff02::81 && sync_ours A Group=ff02::81
# Read by start_wire.
# shellcheck disable=SC2034
WIRE_SENDER=fe80::a
check_crossing group6 50 3
check 'the records arrived over IPv6' "$PROBE" report crash "$RUN_DIR" --ports-at-least group6=1
