#!/bin/bash
# The first process of the lab's kernel: prepares it, runs one scenario, prints the verdict and switches off.
# LAB_JOB names a file with the settings of this run.
exec 3>&1 2>&1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run LANG=C.UTF-8 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mount -t devtmpfs dev /dev
exec </dev/null
mkdir -p /run/netns /run/lab/bin /run/lab/results /run/lab/logs
[[ -e /dev/fd ]] || ln -s /proc/self/fd /dev/fd
ulimit -n 65536
mkfifo /run/lab/never
exec {NEVER}<>/run/lab/never

# shellcheck source=/dev/null
source "$LAB_JOB"
RESULTS=/run/lab/results
LOGS=/run/lab/logs
PROBE=/run/lab/bin/ipvs-lab
DAEMON=/run/lab/bin/ipvs-syncd
JUDGE=/run/lab/bin/ipvs-judge
export TMPDIR=/run/lab

for part in say bed links sync load cross footprint judge keepalived; do
  # shellcheck source=/dev/null
  source "$LAB/lib/$part.sh"
done

# carry_out: sends the results to the host as an archive. Only a machine with its own root needs this.
carry_out() {
  local port tries
  modprobe -d "$MODULES" -a virtio_pci virtio_console
  for ((tries = 0; tries < 50; tries++)); do
    for port in /dev/vport*; do [[ -c $port ]] && tar -c -C "$OUT" . >"$port" && return; done
    sleep 0.1
  done
}

# finish: copies results and logs to the host, and prints the verdict as the last line.
finish() {
  trap - EXIT
  cp -r /run/lab/results /run/lab/logs "$OUT/" 2>/dev/null
  dmesg >"$OUT/kernel.log"
  [[ $BOOT == uml ]] || carry_out
  if ((FAILURES == 0 && CHECKS > 0 && COMPLETE)); then printf '%sverdict pass\n' "$MARK" >&3; else printf '%sverdict fail\n' "$MARK" >&3; fi
  sync
  poweroff -f
  sleep 10
}
COMPLETE=0
trap finish EXIT

dmesg -n 1
TABLE_BITS=$(sed -n 's/^# Table bits: *//p' "$SCENARIO")
modprobe -d "$MODULES" ip_vs ${TABLE_BITS:+"conn_tab_bits=$TABLE_BITS"} || give_up 'ip_vs does not load'
modprobe -d "$MODULES" -a ip_vs_rr veth bridge tun udp_diag || give_up 'the modules do not load'
# All machines of the bed share a processor or two and the queue of packets of each, which has room for 1000: too few for all of them.
echo 16000 >/proc/sys/net/core/netdev_max_backlog
chmod 666 /dev/net/tun # as udev sets it
cp "$PROBE_FILE" "$PROBE" || give_up 'the probe is not there'
if [[ -n $DAEMON_FILE ]]; then cp "$DAEMON_FILE" "$DAEMON" || give_up 'the daemon is not there'; fi
if [[ -n ${JUDGE_FILE:-} ]]; then cp "$JUDGE_FILE" "$JUDGE" || give_up 'the judge is not there'; fi
chmod 755 /run/lab/bin/*
RANDOM=$SEED

bash -n "$SCENARIO" || give_up 'the scenario has a syntax error'
# shellcheck source=/dev/null
source "$SCENARIO"
COMPLETE=1
