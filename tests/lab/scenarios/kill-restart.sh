# kill -9 of the daemon and a new start: leftovers are recognised, and a stop restores the settings from before the killed daemon
# Needs: daemon
new_run kill-restart/50/1
set_sysctls A "$UNUSUAL"
set_sysctls A 'backup_only=0;sync_version=1'
before=$(footprint A)

sync_ours A SyncPorts=2 SyncThreshold=1 SyncPeriod=3
ours_stop A KILL
check_equal 'the killed daemon leaves its kernel daemons behind' 2 "$(daemon_count A)"

say 'started again with other settings, and killed again'
sync_ours A SyncPorts=1 SyncRefreshPeriod=30
ours_stop A KILL

say 'started once more'
sync_ours A
check_equal 'the kernel runs a master and a backup for us' 2 "$(daemon_count A)"
ours_stop A
check_equal 'exit status' 0 $?
check_unchanged A "$before"
check_no_leftovers A

say 'the daemon on B is killed and started again while connections come'
sync_ours B
ours_stop B KILL
sync_ours B && sync_ours A
check_crossing kill-restart 50 3
