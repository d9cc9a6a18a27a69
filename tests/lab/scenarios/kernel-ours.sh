# A kernel master on A, ours on B: A's connections are in B's kernel as in A's, and outlive A
# Needs: daemon
new_run kernel-ours/50/1
sync_ours B && sync_kernel A master
check_crossing kernel-ours 50 4
