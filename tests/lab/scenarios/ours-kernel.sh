# Ours on A, a kernel backup on B: A's connections are in B's kernel as in A's, and outlive A
# Needs: daemon
new_run ours-kernel/50/1
sync_kernel B backup && sync_ours A
check_crossing ours-kernel 50 4
