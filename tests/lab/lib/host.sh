#!/bin/bash
# Runs a scenario that boots whole machines, in its own network namespace and process group on the host. The machines end with it.
exec 3>&1 2>&1 </dev/null
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

# shellcheck source=/dev/null
source "$LAB_JOB"
for part in say machine sync footprint; do
  # shellcheck source=/dev/null
  source "$LAB/lib/$part.sh"
done

# finish: prints the verdict as the last line.
finish() {
  trap - EXIT
  if ((FAILURES == 0 && CHECKS > 0 && COMPLETE)); then printf '%sverdict pass\n' "$MARK" >&3; else printf '%sverdict fail\n' "$MARK" >&3; fi
  exit
}
COMPLETE=0
trap finish EXIT

ip link set lo up || give_up 'there is no loopback'
bash -n "$SCENARIO" || give_up 'the scenario has a syntax error'
# shellcheck source=/dev/null
source "$SCENARIO"
COMPLETE=1
