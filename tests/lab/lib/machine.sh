# shellcheck shell=bash
# Whole machines. Each has its own kernel, and systemd as its first process, on a fresh copy of the bare Debian. Two of them share an Ethernet
# (vec0), which is a pair of UDP ports on the loopback of this scenario's network namespace. MACHINE is the folder of all machines.

declare -A LINE_IN=() LINE_OUT=()
COMMAND_LIMIT=90

# machine_make NAME: creates its disk.
machine_make() {
  cp -a --reflink=auto "$DEBIAN_TREE" "$MACHINE/$1" || give_up "no room for the disk of $1"
  echo "$1" >"$MACHINE/$1/etc/hostname"
}

# machine_boot NAME PORT PEER-PORT [UML]: boots it, with another kernel than the scenario's if one is given. `on` sends commands through its serial line.
machine_boot() {
  local place=$MACHINE/$1.machine in out
  mkdir "$place"
  mkfifo "$place/in" "$place/out"
  exec {in}<>"$place/in" {out}<>"$place/out"
  LINE_IN[$1]=$in LINE_OUT[$1]=$out
  TMPDIR=$place HOME=$place "${4:-$UML}" mem=512M "umid=$1" "uml_dir=$place/" rootfstype=hostfs "rootflags=$MACHINE/$1" root=/dev/root rw \
    init=/lib/systemd/systemd con=null con0=fd:0,fd:1 "ssl0=fd:$in,fd:$out" \
    "vec0:transport=l2tpv3,udp=1,src=127.0.0.1,dst=127.0.0.1,srcport=$2,dstport=$3,rx_session=0x1,tx_session=0x1,depth=64" \
    </dev/null >"$OUT/$1.console" 2>&1 &
}

# machine_await NAME: waits until its systemd is up, with every unit.
machine_await() {
  local line
  while IFS= read -r -t "$COMMAND_LIMIT" line <&"${LINE_OUT[$1]}"; do
    [[ ${line%$'\r'} == @up ]] && return
  done
  tail -n 5 "$OUT/$1.console" | say_lines
  give_up "$1 does not come up"
}

# on NAME COMMAND: runs it there, as root in bash. Prints its output and returns its exit status.
on() {
  local line output='' status
  printf '## %s# %s\n' "$1" "$2" >>"$OUT/transcript"
  printf '%q\n' "$2" >&"${LINE_IN[$1]}"
  while IFS= read -r -t "$COMMAND_LIMIT" line <&"${LINE_OUT[$1]}"; do
    line=${line%$'\r'}
    if [[ $line =~ ^@end\ ([0-9]+)$ ]]; then
      status=${BASH_REMATCH[1]}
      # The agent adds a line end, because the last line may be unfinished.
      printf '%s' "${output%$'\n'}" | tee -a "$OUT/transcript"
      return "$status"
    fi
    output+=$line$'\n'
  done
  printf '%s' "$output"
  echo "$1 does not answer within $COMMAND_LIMIT s: $2" | tee -a "$OUT/transcript"
  return 255
}

# in_ns NAME COMMAND...: here, a machine takes the place of a namespace of the bed.
in_ns() {
  local name=$1
  shift
  on "$name" "${*@Q}"
}

# until_on NAME SECONDS COMMAND: repeats it until it succeeds.
until_on() { on "$1" "for ((look = 0; look < $2 * 10; look++)); do if $3; then exit 0; fi; sleep 0.1; done; exit 1" >/dev/null; }

machine_off() {
  printf '%q\n' 'systemctl poweroff --force --force' >&"${LINE_IN[$1]}"
}
