# A stop restores the kernel: sysctls, daemons, interfaces, groups
# Needs: daemon
new_run stop-clean
for signal in TERM INT; do
  for settings in '' "$UNUSUAL"; do
    say "SIG$signal, ${settings:-default settings}"
    set_sysctls A "${settings:-backup_only=0}"
    before=$(footprint A)
    sync_ours A SyncPorts=2 SyncThreshold=1 SyncPeriod=3 SyncPersistMode=1 SyncVersion=1 SocketBufferSize=65536 SyncQueueLength=77
    # With backup_only, a backup beside the master would keep an active director from balancing.
    check_equal 'the kernel runs a master and, unless backup_only is on, a backup for us' $((2 - $(in_ns A cat /proc/sys/net/ipv4/vs/backup_only))) \
      "$(daemon_count A)"
    check 'our settings are in the kernel' test "$(in_ns A cat /proc/sys/net/ipv4/vs/sync_threshold | tr '\t' ' ')" = '1 3'
    ours_stop A "$signal"
    check_equal 'exit status' 0 $?
    check_unchanged A "$before"
    check_no_leftovers A
  done
done
