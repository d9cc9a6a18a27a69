# Ours on A, a kernel backup on B: B's kernel has the same connections as A's, and they outlive A
# Needs: daemon
new_run ours-kernel/50/1
sync_kernel B backup && sync_ours A
check_crossing ours-kernel 50 4
