# shellcheck shell=bash
# A minimal Debian that boots in a container with its own network. It is deleted with $PLACE.

CONTAINER=''
LEADER=''

# start_machine SUITE: boots this release of Debian, and returns when its systemd is up.
start_machine() {
  mmdebstrap --variant=minbase --include=systemd,systemd-sysv,dbus,lintian "$1" "$PLACE/root" >"$PLACE/mmdebstrap.log" 2>&1 ||
    { tail -n 5 "$PLACE/mmdebstrap.log" && return 1; }
  systemd-nspawn -q -b -D "$PLACE/root" --private-network --register=no --keep-unit --console=passive \
    </dev/null >"$PLACE/boot.log" 2>&1 &
  CONTAINER=$!
  local try
  for try in {1..60}; do
    LEADER=$(pgrep -P "$CONTAINER" | head -n 1)
    [[ -n $LEADER && $(inside systemctl is-system-running 2>/dev/null) =~ running|degraded ]] && return
    sleep 0.5
  done
  echo "not up after $try attempts"
  tail -n 5 "$PLACE/boot.log"
  return 1
}

# inside COMMAND...: runs it in the container.
inside() { nsenter -t "$LEADER" -m -u -i -n -p -C -- "$@" </dev/null; }

# stop_machine: on a signal, nspawn shuts its system down. Its files are removed.
stop_machine() {
  [[ -n $CONTAINER ]] || return 0
  kill "$CONTAINER" 2>/dev/null
  wait "$CONTAINER" 2>/dev/null
  CONTAINER='' LEADER=''
  rm -rf --one-file-system "$PLACE/root" "$PLACE/newer"
}
