# A kernel master on A, ours on B: B's kernel has the same connections as A's, and they outlive A
# Needs: daemon
new_run kernel-ours/50/1
sync_ours B && sync_kernel A master
check_crossing kernel-ours 50 4
