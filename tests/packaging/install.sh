# shellcheck shell=bash
# The package on a machine: installed, configured, upgraded, removed, installed again, purged.

UNIT=ipvs-syncd.service
SETTINGS=/etc/ipvs-sync/appsettings.json
LOADER=ipvs-syncd-feed
LOADER_SOCKET=/run/ipvs-syncd-feed.sock
MOST_EXPOSED=1.6

dpkg_inside() { inside env DEBIAN_FRONTEND=noninteractive LC_ALL=C dpkg "$@"; }

# newer_package: makes the same package with a higher version, like the next release.
newer_package() {
  dpkg-deb -R "$PACKAGE" "$PLACE/newer"
  sed -i 's/^Version: .*/&+next/' "$PLACE/newer/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$PLACE/newer" "$PLACE/root/root/newer.deb" >/dev/null
}

# state PROPERTY: prints a property of the unit in systemd.
state() { inside systemctl show -P "$1" "$UNIT"; }

stat_inside() { inside stat -c '%U:%G %a' "$1"; }

# configure MODE: writes a configuration with the loopback as sync network, and this Kernel:Mode.
configure() { printf '{ "IpvsSync": { "Interface": "lo", "Kernel": { "Mode": "%s" } } }\n' "$1" >"$PLACE/root$SETTINGS"; }

# exposure UNIT
exposure() { inside systemd-analyze security "$1" --no-pager | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p'; }

# traces: prints every file that still has our name, except logs and dpkg's backups of its own lists.
traces() { inside find / -xdev \( -path /proc -o -path /var/log -o -path /root \) -prune -o -name '*ipvs*' -print; inside find /run -name '*ipvs*'; }

try_fresh() {
  check 'it installs' dpkg_inside -i "/root/${PACKAGE##*/}"
  check 'the user is a system user without a shell or a home' same '/nonexistent:/usr/sbin/nologin' "$(inside getent passwd ipvs-sync | cut -d : -f 6,7)"
  check 'the executable is root'\''s, 755' same 'root:root 755' "$(stat_inside /usr/sbin/ipvs-syncd)"
  check 'the configuration is root'\''s, 644' same 'root:root 644' "$(stat_inside "$SETTINGS")"
  check 'the executable runs' inside ipvs-syncd --version
  check 'every file is as packed' dpkg_inside --verify ipvs-syncd
  install -m 644 "$PACKAGE" "$PLACE/root/var/tmp/"
  # shellcheck disable=SC2016 # dpkg's field
  check "its lintian, $(inside dpkg-query -W -f '${Version}' lintian), finds no error and no warning" \
    inside setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/tmp lintian --fail-on error,warning "/var/tmp/${PACKAGE##*/}"
  rm "$PLACE/root/var/tmp/${PACKAGE##*/}"
  check 'nothing is enabled' same disabled "$(state UnitFileState)"
  check 'nothing is started' same inactive "$(state ActiveState)"
  local unit value
  for unit in "$UNIT" $LOADER.service $LOADER.socket; do check "$unit has no fault" unit_is_sound "$unit"; done
  for unit in "$UNIT" $LOADER.service; do
    value=$(exposure "$unit")
    check "systemd-analyze security $unit: $value, at most $MOST_EXPOSED" test "${value/./}" -le "${MOST_EXPOSED/./}"
  done
}

# unit_is_sound UNIT: a minimal Debian has no man-db, which verify needs to check the unit's documentation. Its systemd is older than two keys of
# the unit, which are for newer ones.
unit_is_sound() { ! inside systemd-analyze verify --man=no "$1" 2>&1 | grep -vE "Unknown key (name )?'Restart(Steps|MaxDelaySec)'" | grep .; }

# in_sandbox COMMAND: whether it succeeds in place of the daemon, with its user, privilege and sandbox.
in_sandbox() {
  local drop_in=$PLACE/root/etc/systemd/system/$UNIT.d status
  mkdir -p "$drop_in"
  printf '[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=/bin/sh -c "%s"\n' "$1" >"$drop_in/try.conf"
  inside systemctl daemon-reload
  inside systemctl start "$UNIT"
  status=$?
  rm -r "$drop_in"
  inside systemctl daemon-reload
  inside systemctl reset-failed
  return "$status"
}

# try_sandbox: the daemon can access what it needs, and nothing else. First, remove nspawn's own protection of /proc/sys, so that only the
# unit's is tested, and give /dev/net/tun the mode that udev sets.
try_sandbox() {
  check 'the protections of the container are off' inside sh -c 'umount -R -l /proc/sys; ! grep " /proc/sys" /proc/mounts && chmod 666 /dev/net/tun'
  check 'it can write the sysctls of the network' in_sandbox 'cat /proc/sys/net/ipv4/conf/lo/rp_filter >/proc/sys/net/ipv4/conf/lo/rp_filter'
  check 'it can open /dev/net/tun' in_sandbox 'exec 3<>/dev/net/tun'
  check 'it can write its state' in_sandbox 'echo >/run/ipvs-sync/try && rm /run/ipvs-sync/try'
  check 'it cannot see disks, kernel messages or home directories' in_sandbox '! ls /dev/kmsg && ! ls /dev/vd* && ! ls /root'
  inside rm /dev/net/tun
  check 'it starts without /dev/net/tun' in_sandbox true
}

# start_fails: the start fails by itself, not because of the timeout.
start_fails() {
  inside timeout 10 systemctl start "$UNIT"
  same 1 $?
}

# try_without_ipvs: the container's kernel has no IPVS, and the first start says so.
try_without_ipvs() {
  configure Auto
  check 'a start without IPVS fails within seconds' start_fails
  inside systemctl stop "$UNIT"
  # shellcheck disable=SC2016 # the backquotes are part of the sentence
  check 'the journal has one sentence that says so' same 'ipvs-syncd: This kernel has no IPVS: load it with `modprobe ip_vs` on the host.' \
    "$(inside journalctl -u "$UNIT" _COMM=ipvs-syncd -p err -o cat --no-pager | sort -u)"
}

try_upgrade() {
  configure None
  check 'it starts when it is configured, and is ready' inside systemctl enable --now "$UNIT"
  check 'the loader listens for its group alone' same 'root:ipvs-sync 660' "$(stat_inside "$LOADER_SOCKET")"
  check 'the loader does not run' same inactive "$(inside systemctl show -P ActiveState $LOADER.service)"
  check 'it reloads' inside systemctl reload "$UNIT"
  check 'and says so' inside sh -c "for try in 1 2 3 4 5 6; do journalctl -u $UNIT --no-pager | grep Reloaded && exit; sleep 0.5; done; false"
  local settings before
  settings=$(<"$PLACE/root$SETTINGS")
  before=$(state MainPID)
  check 'an upgrade succeeds' dpkg_inside -i /root/newer.deb
  check 'an upgrade keeps the edited configuration' same "$settings" "$(<"$PLACE/root$SETTINGS")"
  check 'an upgrade keeps the unit enabled' same enabled "$(state UnitFileState)"
  check 'the daemon runs after it' same active "$(state ActiveState)"
  check 'and it is the new one' test "$before" != "$(state MainPID)"
}

try_removal() {
  check 'it can be removed' dpkg_inside -r ipvs-syncd
  check 'removal stops the daemon' inside sh -c '! ls -l /proc/[0-9]*/exe 2>/dev/null | grep ipvs-syncd'
  check 'removal stops the loader'\''s socket' inside test ! -e "$LOADER_SOCKET"
  check 'removal keeps the configuration' test -f "$PLACE/root$SETTINGS"
  check 'it can be installed again' dpkg_inside -i /root/newer.deb
  check 'and it is enabled as before' same enabled "$(state UnitFileState)"
  check 'and the edited configuration is kept' grep -q None "$PLACE/root$SETTINGS"
  check 'it starts again' inside systemctl start "$UNIT"
}

try_purge() {
  check 'it can be purged while it runs' dpkg_inside -P ipvs-syncd
  check 'purge leaves nothing of it' same '' "$(traces)"
  check 'the user stays' inside getent passwd ipvs-sync
  check 'systemd reports no failed unit' same '' "$(inside systemctl list-units --failed --plain --no-legend --no-pager)"
}

# try_install SUITE
try_install() {
  echo "== package: a machine with Debian $1"
  check "a minimal Debian $1 boots" start_machine "$1"
  if [[ -z $LEADER ]]; then
    stop_machine
    return
  fi
  cp "$PACKAGE" "$PLACE/root/root/"
  newer_package
  try_fresh
  try_sandbox
  try_without_ipvs
  try_upgrade
  try_removal
  try_purge
  stop_machine
}
