# A kernel backup and ours get the same messages: both kernels have the same connections, timers and counters in every case
# Needs: daemon
# Needs: judge
: "${SYNC:=none}"
SOURCE=10.2.0.9 # the bridge itself: its messages reach both directors

modprobe -d "$MODULES" ip_vs_pe_sip || give_up 'the SIP engine does not load'
new_run backup
ip addr add "$SOURCE/24" dev sync
sync_kernel A backup && sync_ours B Role=Backup
judge 'both kernels have the same contents after every case' backup --source "$SOURCE" --kernel A --ours B
grep -E 'ERR|CRT|FTL|Exception:' "$(ours_log B)" | say_lines
