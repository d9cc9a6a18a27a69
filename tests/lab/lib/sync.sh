# shellcheck shell=bash
# The synchronisation between the directors: the kernel's own daemons, or ours.

declare -A OURS_PID=()

# kernel_sysctls NAME defaults|tuned: sets the sync settings of a kernel, as shipped or as an expert sets them.
kernel_sysctls() {
  local settings='sync_threshold=3 50;sync_refresh_period=0;sync_retries=0'
  [[ $2 == tuned ]] && settings='sync_threshold=0 0;sync_refresh_period=10;sync_retries=3'
  set_sysctls "$1" "$settings"
}

# set_sysctls NAME 'key=value;key=value': sets them below net.ipv4.vs.
set_sysctls() {
  # shellcheck disable=SC2016
  in_ns "$1" bash -c 'IFS=";"; for pair in $1; do echo "${pair#*=}" >"/proc/sys/net/ipv4/vs/${pair%%=*}" || exit 1; done' - "$2"
}

# sysctls NAME: prints the whole directory, one line per value.
sysctls() { in_ns "$1" bash -c 'cd /proc/sys/net/ipv4/vs && grep -r "" . | sort'; }

# sync_kernel NAME master|backup [MAXLEN]
sync_kernel() {
  local size=()
  [[ -n ${3:-} ]] && size=(--sync-maxlen "$3")
  in_ns "$1" ipvsadm --start-daemon "$2" --mcast-interface sync --syncid 0 "${size[@]}"
}

kernel_daemons() { in_ns "$1" ipvsadm -L --daemon; }

run_directory() { echo "/run/lab/$1"; }

ours_log() { echo "$LOGS/$1.log"; }

# ours_config NAME [KEY=VALUE]...: writes a configuration. All other keys keep their defaults, except the interface and the socket. VALUE is a number, true,
# false, a list in brackets, a section in braces or bare text.
ours_config() {
  local name=$1 pair value directory comma=''
  directory=$(run_directory "$name")
  # Later settings win: a key may occur only once in the file.
  local -A keys=([Interface]=sync [ControlSocket]="$directory/run/control.sock")
  for pair in "${@:2}"; do keys[${pair%%=*}]=${pair#*=}; done
  mkdir -p "$directory/run" && chown -R 65534:65534 "$directory"
  {
    printf '{ "IpvsSync": {'
    for pair in "${!keys[@]}"; do
      value=${keys[$pair]}
      [[ $value =~ ^(-?[0-9]+|true|false|\[.*\]|\{.*\})$ ]] || value="\"$value\""
      printf '%s\n  "%s": %s' "$comma" "$pair" "$value"
      comma=,
    done
    printf '\n} }\n'
  } >"$directory/appsettings.json"
}

# ours_start NAME: starts the daemon with the current configuration, and with no privilege except CAP_NET_ADMIN.
ours_start() {
  local name=$1
  [[ -x $DAEMON ]] || give_up "ipvs-syncd is not there: $DAEMON"
  # The shell starts background commands with SIGINT ignored.
  start_in "$name" env --default-signal=INT setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin \
    --bounding-set=-all,+net_admin "$DAEMON" --config "$(run_directory "$name")/appsettings.json" >"$(ours_log "$name")" 2>&1
  OURS_PID[$name]=$STARTED
}

# ours_ready NAME: waits until the daemon says that it is ready.
ours_ready() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    has_said "$LOGS/$1.log" 'ready: ' && return 0
    kill -0 "${OURS_PID[$1]}" 2>/dev/null || break
    sleep 0.05
  done
  say_lines <"$(ours_log "$1")"
  return 1
}

# sync_ours NAME [KEY=VALUE]...
sync_ours() {
  ours_config "$@"
  ours_start "$1"
  ours_ready "$1" || give_up "ipvs-syncd on $1 did not become ready"
}

# ours_resident NAME: prints its memory in kB.
ours_resident() { awk '$1 == "VmRSS:" { print $2 }' "/proc/${OURS_PID[$1]}/status"; }

# ours_stop NAME [SIGNAL]: stops the daemon, and returns its exit status.
ours_stop() {
  local tries
  kill -"${2:-TERM}" "${OURS_PID[$1]}"
  for ((tries = 0; tries < 300; tries++)); do
    kill -0 "${OURS_PID[$1]}" 2>/dev/null || break
    sleep 0.05
  done
  if ((tries == 300)); then
    fail "ipvs-syncd on $1 still runs 15 s after SIG${2:-TERM}"
    kill -KILL "${OURS_PID[$1]}"
  fi
  wait "${OURS_PID[$1]}"
}

# feed_loader [COMMAND...]: starts the process that loads the BPF program, once. It runs outside the namespaces of the directors, with all rights, or by a
# command that takes some.
FEED_LOADER=/run/lab/feed.sock
# shellcheck disable=SC2120
feed_loader() {
  local tries
  [[ -S $FEED_LOADER ]] && return
  "$@" "$DAEMON" feed-loader --listen "$FEED_LOADER" >>"$LOGS/feed-loader.log" 2>&1 &
  FEED_LOADER_PID=$!
  for ((tries = 0; tries < 200; tries++)); do
    [[ -S $FEED_LOADER ]] && chmod 666 "$FEED_LOADER" && return
    pause 0.05
  done
  give_up "the feed loader does not listen"
}

# need_types: gives up where the kernel does not describe the types of ip_vs, by which the BPF program finds what it reads.
describes_types() { [[ -e /sys/kernel/btf/ip_vs ]]; }
need_types() { describes_types || give_up 'this kernel does not describe the types of ip_vs'; }

# feed NAME FIELD: prints what the daemon counts of its feed. check_confirmed NAME: waits for the copies of the kernel's master, which come within 3 s.
feed() { state "$1" ".kernel.source.$2"; }
check_confirmed() {
  sleep 4
  check_equal "$1: the master has confirmed each record, and none was missed or found no room" "$(feed "$1" records) 0 0" \
    "$(feed "$1" confirmed) $(feed "$1" missed) $(feed "$1" dropped)"
}

# sync_pair KIND: starts kernel-defaults, kernel-tuned, ours or ours-bpf on A and B. A scenario may add a suffix to the name.
sync_pair() {
  case $1 in
    kernel-defaults*)
      sync_kernel A master && sync_kernel B backup
      ;;
    kernel-tuned*)
      kernel_sysctls A tuned && kernel_sysctls B tuned && sync_kernel A master 44 && sync_kernel B backup
      ;;
    ours-bpf*)
      # shellcheck disable=SC2119
      feed_loader
      # shellcheck disable=SC2086
      sync_ours B Kernel:Feed=Bpf "Kernel:FeedLoader=$FEED_LOADER" ${OURS:-} && sync_ours A Kernel:Feed=Bpf "Kernel:FeedLoader=$FEED_LOADER" ${OURS:-}
      ;;
    ours*)
      # OURS="KEY=VALUE ..." in the settings overrides shipped defaults.
      # shellcheck disable=SC2086
      sync_ours B ${OURS:-} && sync_ours A ${OURS:-}
      ;;
    *) give_up "unknown kind of sync: $1" ;;
  esac
}
