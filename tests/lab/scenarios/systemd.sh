# The whole life of the package on two machines with systemd: installed, started, reloaded, killed, upgraded, removed, purged
# Needs: daemon machines
# Settings: DEBIAN (the release: bookworm, trixie).
# The two directors are two machines with an Ethernet between them. Each has a kernel with IPVS, and Debian's systemd as its first process.
# shellcheck source=tests/lab/lib/operator.sh
source "$LAB/lib/operator.sh"
MOST_EXPOSED=1.6
MOST_MEMORY_KB=25000
DEB=$(basename "$PACKAGE")

chapter() { say "  -- $*"; }

# traces NAME: prints the files that have our name, except logs and the lab's own files.
traces() { on "$1" "find / -xdev \( -path /proc -o -path /sys -o -path /var/log -o -path /root -o -path /lab -o -path /lib/modules -o -path /usr/lib/modules \) -prune -o -name '*ipvs*' -print; find /run -name '*ipvs*'"; }

boot_pair() {
  local begin name
  chapter 'two bare Debian systems boot'
  begin=$(now_ms)
  machine_make A && machine_make B
  for name in A B; do cp "$PACKAGE" "$MACHINE/$name/root/"; done
  install -m 755 "$PROBE_FILE" "$MACHINE/A/root/ipvs-lab"
  machine_boot A 7001 7002
  machine_boot B 7002 7001
  for name in A B; do machine_await "$name"; done
  on A 'ip addr add 10.2.0.1/24 dev vec0 && ip link set vec0 up' && on B 'ip addr add 10.2.0.2/24 dev vec0 && ip link set vec0 up'
  for name in A B; do
    check_equal "$name: $(on "$name" 'systemctl --version | sed 1q'), kernel $(on "$name" 'uname -r'): up with every unit" running \
      "$(on "$name" 'systemctl is-system-running --wait')"
  done
  say "        both are up after $(seconds $(($(now_ms) - begin))); the lab has set their addresses on vec0"
}

install_package() {
  local name begin unit value
  chapter 'the package is installed: the first two of five commands'
  begin=$(now_ms)
  say "        the first ran before: deploy/package   ($(seconds "$PACKAGE_MS"), without the native build)"
  for name in A B; do typed "$name" "apt-get install -qq -y ./$DEB"; done
  INSTALLED_MS=$(($(now_ms) - begin))
  check_equal 'nothing is enabled: only the operator knows the interface' disabled "$(state B UnitFileState)"
  check_equal 'nothing is started' inactive "$(state B ActiveState)"
  check 'the user is a system user without a shell or a home' on B "getent passwd ipvs-sync | grep -q ':/nonexistent:/usr/sbin/nologin$'"
  check 'and has its own group' on B 'getent group ipvs-sync >/dev/null'
  check_equal 'the configuration is a conffile, root'\''s, 644' "root:root 644 $SETTINGS_FILE" \
    "$(on B "stat -c '%U:%G %a' $SETTINGS_FILE; dpkg-query -W -f '\${Conffiles}' ipvs-syncd | awk '{ print \$1 }'" | paste -sd ' ' | tr -s ' ')"
  check 'the manual is there: ipvs-syncd(8), ipvs-syncd.json(5)' on B 'test -s /usr/share/man/man8/ipvs-syncd.8.gz -a -s /usr/share/man/man5/ipvs-syncd.json.5.gz'
  check 'every file is as packed' test -z "$(on B 'dpkg --verify ipvs-syncd')"
  check 'the kernel is untouched: ip_vs is not loaded' on B '! grep -q "^ip_vs " /proc/modules'
  for unit in $UNIT ipvs-syncd-feed.service; do
    value=$(on B "systemd-analyze security $unit" | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p')
    check "systemd-analyze security $unit: $value, at most $MOST_EXPOSED" test "${value/./}" -le "${MOST_EXPOSED/./}"
  done
}

# fails_to_start STATUS WORDS...: the start fails by itself with this exit status, and the journal has the words at priority 3.
fails_to_start() {
  local status=$1 word begin took
  shift
  begin=$(now_ms)
  check 'systemctl start fails' on B "! timeout 30 systemctl start $UNIT 2>/dev/null"
  took=$(($(now_ms) - begin))
  check_equal 'with its exit status' "$status" "$(state B ExecMainStatus)"
  check "after $(seconds "$took"), $(span_ms B ExecMainStart ExecMainExit) ms of them the daemon's" test "$took" -lt 5000
  on B "systemctl stop $UNIT"
  for word in "$@"; do check_journal "the journal names it, priority 3: $word" B '-p 3..3' "$word"; done
}

configuration_errors() {
  chapter 'B: the configuration as shipped, then one with four faults'
  fails_to_start 1 "there is no interface 'eth1' here (existing: lo, vec0)"
  configure B '{ "IpvsSync": { "Interface": "eth7", "SyncId": 300, "SyncPorts": 3, "SyncPeriode": 1 } }'
  fails_to_start 2 "IpvsSync:Interface: there is no interface 'eth7' here" IpvsSync:SyncId: IpvsSync:SyncPorts: IpvsSync:SyncPeriode:
  configure B '{ "IpvsSync": { "Interface": "eth1" } }'
}

start_pair() {
  local name begin
  chapter 'the pair starts: the other three commands'
  make_traffic_path
  make_service A
  set_sysctls A 'sync_threshold=7 99;sync_refresh_period=5;sync_retries=2'
  until_on A 5 '! ip addr | grep -q tentative'
  BEFORE=$(footprint A)
  check 'the original state of A is recorded, with its unusual sysctls' grep -q 'sync_threshold:7' <<<"$BEFORE"
  begin=$(now_ms)
  for name in A B; do
    typed "$name" "sed -i s/eth1/vec0/ $SETTINGS_FILE"
    typed "$name" "systemctl enable --now ipvs-syncd"
    typed "$name" "journalctl -u ipvs-syncd"
  done
  say "        from bare systems to a running pair: five commands, four of them on either director, $(seconds $((PACKAGE_MS + INSTALLED_MS + $(now_ms) - begin)))"
  make_service B
  for name in A B; do check_ready "$name"; done
  say "        READY $(span_ms A ExecMainStart ActiveEnter) ms after A's process began, $(span_ms B ExecMainStart ActiveEnter) ms after B's; a system call costs 20 us in the lab"
  check 'B: the unit has loaded ip_vs' on B 'grep -q "^ip_vs " /proc/modules'
}

look_at_process() {
  chapter 'what runs'
  local memory words
  for words in 'Kernel: started sync master on lo' 'Kernel: started sync backup on lo'; do check_journal "the journal has '$words', priority 6" A '-p 6..6' "$words"; done
  words='sync thread started: state = MASTER, mcast_ifn = vec0, syncid = 0, id = 0, port = 8848'
  check_equal "it has the kernel's wording, and the fields of the event find it" "$words" "$(journal A EVENT_ID=14 STATE=MASTER PORT=8848)"
  check_equal 'nothing in it is worse than that' '' "$(journal A -p 5)"
  check_equal 'the kernel runs a master and a backup for us' 'backup master' "$(daemon_roles A)"
  check_equal 'the process is ipvs-sync'\''s' ipvs-sync "$(on A "ps -o user= -p $(state A MainPID) 2>/dev/null || stat -c %U /proc/$(state A MainPID)")"
  check_equal 'its capabilities are CAP_NET_ADMIN, and no others' '0000000000001000 0000000000001000' "$(process_field A CapEff) $(process_field A CapBnd)"
  memory=$(process_field A VmRSS)
  check "idle, it takes $memory, at most $MOST_MEMORY_KB kB" test "${memory% kB}" -le "$MOST_MEMORY_KB"
}

connections_cross() {
  chapter 'clients connect through A'
  open_connections 10000
  check_crossed 'B knows the connections of A' 90
  check_status A 'Role Both, 1 lane(s) on vec0; ready: .*; 100 connections; entries per second: [0-9]* sent, [0-9]* from peers'
  check_status B 'Role Both, 1 lane(s) on vec0; ready: .*; 100 connections; '
  say "        systemctl status on A: $(state A StatusText)"
}

# check_status NAME PATTERN
check_status() { check "$1: systemctl status shows its state" until_on "$1" 12 "systemctl show -P StatusText $UNIT | grep -q -- ${2@Q}"; }

policy() { on A 'cd /proc/sys/net/ipv4/vs && cat sync_threshold sync_refresh_period sync_retries' | tr '\t\n' '  '; }

reload() {
  chapter 'A is reloaded'
  local pid
  pid=$(state A MainPID)
  configure A '{ "IpvsSync": { "Interface": "vec0", "SyncThreshold": 2, "SyncPeriod": 10, "SyncRefreshPeriod": 10, "SyncRetries": 3 } }'
  typed A 'systemctl reload ipvs-syncd'
  check_journal 'the journal says what was applied' A '-p 6..6' 'Reloaded: version 1, threshold 2 10, refresh period 10 s, retries 3'
  check_equal 'the sysctls follow' '2 10 10 3 ' "$(policy)"
  configure A '{ "IpvsSync": { "Interface": "vec0", "SyncThreshold": '
  typed A 'systemctl reload ipvs-syncd'
  check_journal 'a broken file changes nothing, which the journal says at priority 3' A '-p 3..3' 'Not reloaded, all is as before'
  check_equal 'the sysctls are unchanged' '2 10 10 3 ' "$(policy)"
  check_equal 'the process is the same' "$pid" "$(state A MainPID)"
  configure A '{ "IpvsSync": { "Interface": "vec0" } }'
  typed A 'systemctl reload ipvs-syncd'
  check_journal 'and back' A '-p 6..6' 'Reloaded: version 1, threshold 0 0, refresh period 60 s, retries 1'
}

kill_it() {
  chapter 'A is killed'
  local pid begin
  pid=$(state A MainPID)
  begin=$(now_ms)
  typed A "kill -KILL $pid"
  check 'systemd starts it again' until_on A 15 "[[ \$(systemctl show -P NRestarts $UNIT) == 1 && \$(systemctl show -P ActiveState $UNIT) == active ]]"
  say "        active $(seconds $(($(now_ms) - begin))) after the kill, 2 s of which are systemd's RestartSec"
  check_journal 'the journal says that leftovers were undone, priority 4' A '-p 4..4' 'a daemon that was killed left its settings behind'
  check_equal 'the kernel runs a master and a backup for us' 'backup master' "$(daemon_roles A)"
  open_connections 20000
  check_crossed 'new connections cross, and the old ones are there' 190
}

hang() {
  chapter 'B hangs: its process is stopped as by a debugger, with a watchdog of 5 s instead of 30'
  on B "mkdir -p /etc/systemd/system/$UNIT.d && printf '[Service]\nWatchdogSec=5s\n' >/etc/systemd/system/$UNIT.d/lab.conf && systemctl daemon-reload"
  typed B 'systemctl restart ipvs-syncd'
  local pid begin
  pid=$(state B MainPID)
  sleep 6
  check_equal 'a process that makes progress is left alone' "$pid" "$(state B MainPID)"
  begin=$(now_ms)
  typed B "kill -STOP $pid"
  check 'systemd starts it again' until_on B 30 "[[ \$(systemctl show -P NRestarts $UNIT) == 1 && \$(systemctl show -P ActiveState $UNIT) == active ]]"
  say "        active $(seconds $(($(now_ms) - begin))) after it was stopped"
  check 'because of its watchdog' on B "journalctl -q -u $UNIT -o cat | grep -q 'Watchdog timeout'"
  on B "rm -r /etc/systemd/system/$UNIT.d && systemctl daemon-reload"
}

stop_and_start() {
  chapter 'A is stopped'
  typed A 'systemctl stop ipvs-syncd'
  check_unchanged A "$BEFORE"
  check_equal 'systemd reports no failure' 'inactive success' "$(state A ActiveState) $(state A Result)"
  check_equal 'the run directory has nothing but the gate' gate "$(on A 'ls -A /run/ipvs-sync')"
  on A "mkdir -p $DROP_IN && printf '[Service]\nSetCredential=IpvsSync__SyncRefreshPeriod:5\n' >$DROP_IN/lab.conf && systemctl daemon-reload"
  typed A 'systemctl start ipvs-syncd'
  check_equal 'a key in a credential of the unit is applied' '0 0 5 1 ' "$(policy)"
  on A "rm -r $DROP_IN && systemctl daemon-reload"
}

upgrade() {
  chapter 'A is upgraded: the same package again'
  local pid
  pid=$(state A MainPID)
  configure A '{ "IpvsSync": { "Interface": "vec0", "SyncRefreshPeriod": 30 } }'
  typed A "dpkg -i ./$DEB"
  check_equal 'the unit is active and enabled' 'active enabled' "$(state A ActiveState) $(state A UnitFileState)"
  check 'the process is a new one' test "$pid" != "$(state A MainPID)"
  check 'the edited configuration is kept' on A "grep -q 'SyncRefreshPeriod\": 30' $SETTINGS_FILE"
}

remove() {
  chapter 'A: the package is removed'
  typed A 'dpkg -r ipvs-syncd'
  check 'the process has ended' on A '! grep -qs . /proc/[0-9]*/comm -e "^ipvs-syncd$"'
  check_unchanged A "$BEFORE"
  check 'the configuration is kept' on A "grep -q 'SyncRefreshPeriod\": 30' $SETTINGS_FILE"
  typed A "dpkg -i ./$DEB"
  check_equal 'installed again, it is enabled as before' enabled "$(state A UnitFileState)"
  typed A 'systemctl start ipvs-syncd'
  open_connections 30000
  check_crossed 'and it works as before' 290
}

purge() {
  local name
  chapter 'A: the package is purged while it runs'
  typed A 'dpkg -P ipvs-syncd'
  check_unchanged A "$BEFORE"
  check_equal 'no file of it is left' "$TRACES" "$(traces A)"
  check 'the user stays' on A 'getent passwd ipvs-sync >/dev/null'
  for name in A B; do check_equal "$name: systemd reports no failed unit" '' "$(on "$name" 'systemctl list-units --failed --plain --no-legend')"; done
}

boot_pair
TRACES=$(traces A)
install_package
configuration_errors
start_pair
look_at_process
connections_cross
reload
kill_it
hang
stop_and_start
upgrade
remove
purge
machine_off A
machine_off B
