# Ours on both directors: A's connections are in B's kernel as in A's, and outlive A
# Needs: daemon
new_run ours-ours/50/1
sync_ours B && sync_ours A
check_crossing ours-ours 50 4
