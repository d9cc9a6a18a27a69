# MTU 9000 on A, 1500 on B: what is sent in bulk arrives as from the kernel's daemon, and is repaired where larger messages are asked for
# Needs: daemon
# Settings: COUNT (of connections).
: "${COUNT:=300}"

# mixed_bed LABEL: A's interface would carry more than B's.
mixed_bed() {
  new_run "$1/100/1"
  ip link set sync-A mtu 9000
  in_ns A ip link set sync mtu 9000
  in_ns A ip link set sync gso_max_segs 1 # a virtual bridge lets segments of one pass that no wire would
  start_servers
}

open_connections() {
  start_clients 100 --count "$COUNT" "$@"
  await client stopped
}

arrived() { say "  B has $(table B | wc -l) of $(table A | wc -l)"; }

say 'a pair of kernels'
mixed_bed kernels
sync_kernel A master && sync_kernel B backup
open_connections --exchange-every-ms 500
sleep 5
arrived
quit client
bed_down

say 'ours, as shipped'
mixed_bed ours
open_connections
sync_ours B && sync_ours A
check 'B has what A has' until_equal 6 table_A table_B
arrived
check_equal 'A has lost nothing' 0 "$(state A '[.stages[].lost] | add')"

say 'ours, larger messages asked for'
bed_down
mixed_bed large
open_connections
sync_ours B && sync_ours A MaxMessageSize=8972
sleep 6
arrived
check 'they arrive in the messages that tell again what was lost' until_equal 6 table_A table_B
