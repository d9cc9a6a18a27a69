# A read-only /proc/sys, as in a container: what does not suffice is named, what somebody else has set suffices, and no sysctl is written
# Needs: daemon
# confined_start NAME: starts the daemon as a container of docs/container.md does: root without any other capability than CAP_NET_ADMIN, which cannot gain
# privileges, and /proc/sys read-only.
confined_start() {
  # shellcheck disable=SC2016
  start_in "$1" env --default-signal=INT unshare -m bash -c 'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"' - \
    setpriv --no-new-privs --clear-groups --inh-caps=-all --ambient-caps=-all --bounding-set=-all,+net_admin \
    "$DAEMON" --config "$(run_directory "$1")/appsettings.json" >"$(ours_log "$1")" 2>&1
  OURS_PID[$1]=$STARTED
}

# own_run NAME: gives the run directory to root, who may write only his own files here.
own_run() { chown -R 0:0 "$(run_directory "$1")"; }

# refused TEXT...: the start on A fails with exit status 1, says each text, and leaves the kernel as it was.
refused() {
  local before text
  before=$(footprint A)
  own_run A
  confined_start A
  wait "${OURS_PID[A]}"
  check_equal 'exit status' 1 $?
  for text in "$@"; do check "the refusal says: $text" grep -qF "$text" "$(ours_log A)"; done
  check_unchanged A "$before"
}

new_run container/50/1
say 'the daemon would set the sysctls'
ours_config A
refused 'net.ipv4.vs.sync_threshold' 'EROFS' 'a writable /proc/sys'

say 'it only checks them, and they are the defaults of the kernel'
ours_config A 'Kernel={ "Sysctls": "Check" }'
refused 'net.ipv4.vs.sync_threshold is "3 50", and must be "0 0"' 'net.ipv4.vs.sync_refresh_period is 0, and must be 1 to 20' \
  'net.ipv4.vs.sync_retries is 0, and must be 1 or more'
check_equal 'check-config warns of each' 3 "$(in_ns A "$DAEMON" check-config --config "$(run_directory A)/appsettings.json" | grep -c '^warning: IpvsSync:Kernel:Sysctls')"

say 'the command of the refusal sets them'
command=$(sed -n 's/^Set them on the host, as root: //p' "$(ours_log A)")
say "\$ $command"
in_ns A bash -c "$command" >/dev/null
check_equal 'check-config warns of nothing' 0 "$(in_ns A "$DAEMON" check-config --config "$(run_directory A)/appsettings.json" | grep -c '^warning')"
before=$(footprint A)
sysctls=$(sysctls A)
sync_ours B
confined_start A
ours_ready A || give_up 'ipvs-syncd on A did not become ready'
say_lines < <(grep suffice "$(ours_log A)")
check 'the log says that they suffice' grep -qF 'Kernel: the sysctls of net.ipv4.vs suffice and are left alone: sync_ports 1, sync_threshold 0 0,' "$(ours_log A)"
check_equal 'the kernel runs a master and a backup for us' 2 "$(daemon_count A)"
check_equal 'no sysctl is changed' "$sysctls" "$(sysctls A)"
start_servers
start_clients 50 --count 100
sleep 3
check 'connections cross' until_equal 6 table_A table_B

say 'a change of role, and a reload that needs another sysctl'
check 'it changes its role' ask A role backup
check_equal 'the kernel runs a backup' backup "$(daemon_roles A)"
check 'and back' ask A role both
ours_config A 'Kernel={ "Sysctls": "Check" }' SyncRetries=3
own_run A
check 'the reload is refused' test "$(status_of ask A reload)" = 1
check 'the log says why' grep -qF 'net.ipv4.vs.sync_retries is 1, and must be 3 or more' "$(ours_log A)"
set_sysctls A sync_retries=3
check 'the reload succeeds when it is set' ask A reload
set_sysctls A sync_retries=1
ours_stop A
check_equal 'exit status' 0 $?
check_unchanged A "$before"
