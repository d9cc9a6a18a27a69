#!/bin/bash
# Tests the shipped examples for keepalived: whether keepalived accepts the files and follows the gate, and what the script asks the daemon.
# Run by tests/lab/run as steering.sh PROBE; exit status 0 passed, 1 failed, 2 not possible here.
EXAMPLES=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../deploy/keepalived" && pwd)
FAILED=0

if [[ ${2:-} != inside ]]; then
  ((EUID == 0)) || { echo '  skip  keepalived needs root on the host' && exit 2; }
  unshare --net true 2>/dev/null || { echo "  skip  the host cannot create a namespace" && exit 2; }
  exec unshare --net bash "$0" "$1" inside
fi

# verdict TEXT EXPECTED ACTUAL
verdict() {
  if [[ $2 == "$3" ]]; then echo "  ok    $1"; else echo "  FAIL  $1: expected '$2', got '$3'" && FAILED=1; fi
}

# status_of COMMAND...
status_of() {
  "$@" >/dev/null 2>&1
  echo $?
}

# A machine as in the examples: two interfaces, and a daemon that gives the wanted answers and records the requests.
PLACE=$(mktemp -d)
trap 'rm -rf "$PLACE"' EXIT
mkdir "$PLACE/keepalived" "$PLACE/bin"
mkdir "$PLACE/run"
install -m 755 "$EXAMPLES"/ipvs-syncd-* "$PLACE/keepalived"
for file in keepalived keepalived-notify; do
  sed "s:/etc/keepalived/:$PLACE/keepalived/:; s:/run/ipvs-sync/:$PLACE/run/:" "$EXAMPLES/$file.conf" >"$PLACE/keepalived/$file.conf"
done
for name in eth0 eth1; do ip tuntap add dev "$name" mode tap || { echo '  skip  the host cannot create interfaces' && exit 2; }; done
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$*" >>%s\ncat %s 2>/dev/null\n' "$PLACE/asked" "$PLACE/answer" >"$PLACE/bin/ipvs-syncd"
printf '#!/bin/sh\nexit 0\n' >"$PLACE/bin/logger"
chmod 755 "$PLACE/bin"/*
export PATH=$PLACE/bin:$PATH

# notified STATE: prints the exit status, and the script's request to the daemon.
notified() {
  : >"$PLACE/asked"
  : >"$PLACE/answer"
  "$PLACE/keepalived/ipvs-syncd-notify" "$1"
  echo "$? $(<"$PLACE/asked")"
}

# gate NUMBER: replaces the gate as the daemon does.
gate() { echo "$1" >"$PLACE/run/gate.new" && mv "$PLACE/run/gate.new" "$PLACE/run/gate"; }

# priority: waits until keepalived has said something new about the priority of "web", and prints it; after 5 s, what it said last.
priority() {
  local now try
  for ((try = 0; try < 50; try++)); do
    now=$(grep -c '(web) Changing effective priority' "$PLACE/log")
    ((now > said)) && break
    sleep 0.1
  done
  said=$now
  sed -n 's/.*(web) Changing effective priority from [0-9]* to //p' "$PLACE/log" | tail -n 1
}

# follow_gate FILE: keepalived with this configuration. Without -P it would need a kernel with IPVS.
follow_gate() {
  local keepalived said=0
  rm -f "$PLACE/run/gate"
  "$KEEPALIVED" -n -l -D -P -f "$PLACE/keepalived/$1" -p "$PLACE/pid" -r "$PLACE/vrrp.pid" >"$PLACE/log" 2>&1 &
  keepalived=$!
  for ((try = 0; try < 50; try++)); do
    grep -q 'Startup complete' "$PLACE/log" && break
    sleep 0.1
  done
  verdict "$1: a gate that is missing becomes a closed one" 1 "$(cat "$PLACE/run/gate")"
  gate 0
  verdict "$1: the gate opens" 150 "$(priority)"
  gate 1
  said=1
  verdict "$1: the gate closes" 90 "$(priority)"
  kill "$keepalived"
  wait "$keepalived"
}

verdict 'primary: the daemon sends and receives' '0 role both' "$(notified primary)"
verdict 'backup: it only receives' '0 role backup' "$(notified backup)"
verdict 'fault: it only receives' '0 role backup' "$(notified fault)"
verdict 'any other word is refused, without a request to the daemon' '2 ' "$(notified master)"
if command -v shellcheck >/dev/null; then
  verdict 'shellcheck finds nothing in the script' 0 "$(status_of shellcheck "$EXAMPLES"/ipvs-syncd-*)"
else
  echo '  skip  shellcheck is missing'
fi
if KEEPALIVED=$(PATH=$PATH:/usr/sbin command -v keepalived); then
  for file in keepalived keepalived-notify; do
    said=$("$KEEPALIVED" -t -l -f "$PLACE/keepalived/$file.conf" 2>&1)
    verdict "keepalived accepts $file.conf without a warning" '0 ' "$? $said"
  done
  follow_gate keepalived.conf
else
  echo '  skip  keepalived is missing'
fi
exit $FAILED
