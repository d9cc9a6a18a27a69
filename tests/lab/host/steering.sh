#!/bin/bash
# Tests the shipped examples for keepalived: whether keepalived accepts the files, and what the scripts do with the daemon's answers.
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
install -m 755 "$EXAMPLES"/ipvs-syncd-* "$PLACE/keepalived"
for file in keepalived keepalived-notify; do sed "s:/etc/keepalived/:$PLACE/keepalived/:" "$EXAMPLES/$file.conf" >"$PLACE/keepalived/$file.conf"; done
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

# ready_with ANSWER SECONDS: prints the exit status of the track script.
ready_with() {
  echo "$1" >"$PLACE/answer"
  status_of "$PLACE/keepalived/ipvs-syncd-ready" "$2"
}

verdict 'primary: the daemon sends and receives' '0 role both' "$(notified primary)"
verdict 'backup: it only receives' '0 role backup' "$(notified backup)"
verdict 'fault: it only receives' '0 role backup' "$(notified fault)"
verdict 'any other word is refused, without a request to the daemon' '2 ' "$(notified master)"
verdict 'ready for 60 s: the script says so' 0 "$(ready_with '{"role":"Both","uptime":60,"network":{}}' 60)"
verdict 'ready for 59 s: not yet' 1 "$(ready_with '{"role":"Both","uptime":59,"network":{}}' 60)"
verdict 'no answer: not ready' 1 "$(ready_with '' 0)"
if command -v shellcheck >/dev/null; then
  verdict 'shellcheck finds nothing in the scripts' 0 "$(status_of shellcheck "$EXAMPLES"/ipvs-syncd-*)"
else
  echo '  skip  shellcheck is missing'
fi
if PATH=$PATH:/usr/sbin command -v keepalived >/dev/null; then
  for file in keepalived keepalived-notify; do
    said=$(PATH=$PATH:/usr/sbin keepalived -t -l -f "$PLACE/keepalived/$file.conf" 2>&1)
    verdict "keepalived accepts $file.conf without a warning" '0 ' "$? $said"
  done
else
  echo '  skip  keepalived is missing'
fi
exit $FAILED
