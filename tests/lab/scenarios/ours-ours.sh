# Ours on both directors: B's kernel has the same connections as A's, and they outlive A
# Needs: daemon
new_run ours-ours/50/1
sync_ours B && sync_ours A
check_crossing ours-ours 50 4
