# shellcheck shell=bash
# The state of a director's namespace, to compare before and after.

UNUSUAL='sync_ports=4;sync_threshold=7 99;sync_refresh_period=5;sync_retries=2;sync_persist_mode=1;sync_qlen_max=1234;sync_sock_size=100000'
UNUSUAL+=';sync_version=0;backup_only=1;sloppy_tcp=1;expire_nodest_conn=1'

# footprint NAME: prints services, sysctls, sync daemons, interface flags and addresses, multicast groups, routes, packet filter.
footprint() {
  sysctls "$1"
  kernel_daemons "$1"
  in_ns "$1" ipvsadm -Sn
  # shellcheck disable=SC2016
  in_ns "$1" bash -c 'ip -o link; ip -o addr; ip -o maddr; ip route show table all; nft list ruleset 2>/dev/null' | sed 's/qlen [0-9]*//'
}

# check_unchanged NAME BEFORE: compares, and shows the differences.
check_unchanged() {
  local after
  after=$(footprint "$1")
  check 'services, sysctls, daemons, interfaces, groups, routes and packet filter are as before' test "$2" = "$after"
  [[ $2 == "$after" ]] || diff <(echo "$2") <(echo "$after") | say_lines
}

# check_no_leftovers NAME: the run directory contains nothing but the gate, which keepalived follows while no daemon runs.
check_no_leftovers() {
  check_equal 'the run directory has nothing but the gate' '' "$(ls -A "$(run_directory "$1")/run" | grep -vx gate)"
}

# status_of COMMAND...: prints its exit status.
status_of() {
  "$@" >/dev/null 2>&1
  echo $?
}

# daemon_count NAME: prints the number of sync daemons of its kernel.
daemon_count() { kernel_daemons "$1" | grep -c 'sync daemon'; }

# daemon_roles NAME: prints the roles of the sync daemons of its kernel, in one line.
daemon_roles() { kernel_daemons "$1" | sed -n 's/^\(master\|backup\) sync daemon.*/\1/p' | sort | paste -sd ' '; }
