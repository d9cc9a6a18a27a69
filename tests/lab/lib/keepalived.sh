# shellcheck shell=bash
# keepalived of Debian 12 and 13, each with the libraries of its suite, for scenarios with `# Needs: keepalived`. Sourced by `run`, and by `init.sh` in
# the machine.

KEEPALIVED_SUITES=(bookworm trixie)

# need_keepalived: unpacks them. Sets KEEPALIVED to their folders, by suite.
need_keepalived() {
  local suite version folder parts
  declare -gA KEEPALIVED=()
  for suite in "${KEEPALIVED_SUITES[@]}"; do
    version=$(suite_version "$suite" keepalived) || die "there is no keepalived of $suite: see $ARTIFACTS/packages.log"
    # A colon separates folders of libraries.
    folder=$ARTIFACTS/keepalived-$suite-${version//:/-}
    KEEPALIVED[$suite]=$folder
    [[ ! -d $folder ]] || continue
    rm -rf "$ARTIFACTS/keepalived-$suite-"*
    mapfile -t parts < <(keepalived_libraries "$suite")
    suite_unpack "$suite" "$folder" keepalived "${parts[@]}" || die "cannot fetch keepalived of $suite: see $ARTIFACTS/packages.log"
    rm -rf "$folder"/usr/share
  done
}

# keepalived_libraries SUITE: prints the packages of the libraries that it needs.
keepalived_libraries() {
  suite_apt "$1" apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances keepalived |
    grep -E '^lib[a-z0-9.+-]+$' | sort -u
}

# keepalived_command SUITE: sets KEEPALIVED_COMMAND to the command that starts it with the libraries of its suite, and KEEPALIVED_VERSION.
keepalived_command() {
  local loader folders
  loader=$(find "${KEEPALIVED[$1]}/" -name 'ld-linux-x86-64.so.2' -print -quit)
  folders=$(find "${KEEPALIVED[$1]}/" -name '*.so.*' -printf '%h\n' | sort -u | paste -sd :)
  KEEPALIVED_COMMAND=("$loader" --library-path "$folders" "${KEEPALIVED[$1]}/usr/sbin/keepalived")
  keepalived_options "$1"
  KEEPALIVED_VERSION=$("${KEEPALIVED_COMMAND[@]}" --version 2>&1 | sed -n 's/^Keepalived v\([0-9.]*\).*/\1/p')
  [[ -n $KEEPALIVED_VERSION ]] || give_up "keepalived of $1 does not start"
}

# keepalived_options SUITE: version 2.3 starts only with a file of its package below /etc, which is the host's.
keepalived_options() {
  local options=${KEEPALIVED[$1]}/etc/keepalived/keepalived.config-opts
  [[ -e $options ]] || return
  if [[ ! -d /run/lab/etc ]]; then
    cp -r /etc /run/lab/etc 2>/dev/null
    mkdir -p /run/lab/etc/keepalived
    mount --bind /run/lab/etc /etc
  fi
  cp "$options" /etc/keepalived/
}

# keepalived_config NAME EXAMPLE [SED-EXPRESSION]...: a shipped example for this director, on the bed's networks.
keepalived_config() {
  local name=$1 example=$2 expression edits=()
  shift 2
  for expression in "$@"; do edits+=(-e "$expression"); done
  # The comments have the numbers of B.
  [[ $name == A ]] || edits+=(-e 's/director-a/director-b/' -e 's/priority [0-9]* .*# on B: \([0-9]*\)/priority \1/')
  sed -e 's/eth0/front/' -e 's/eth1/sync/' -e "s:/run/ipvs-sync/:$(run_directory "$name")/run/:" -e 's:/etc/keepalived/:/run/lab/bin/:' "${edits[@]}" \
    "$LAB/../../deploy/keepalived/$example.conf" >"$(run_directory "$name")/keepalived.conf"
}

declare -A KEEPALIVED_PID=()

# keepalived_start NAME: starts keepalived with this configuration.
keepalived_start() {
  local folder
  folder=$(run_directory "$1")
  # For its notify scripts.
  start_in "$1" env PATH="/run/lab/bin:$PATH" IpvsSync__ControlSocket="$folder/run/control.sock" IPVS_SYNCD_STATE="$folder/notified" \
    "${KEEPALIVED_COMMAND[@]}" -n -l -D -f "$folder/keepalived.conf" -p "$folder/keepalived.pid" -r "$folder/vrrp.pid" -c "$folder/checkers.pid" \
    >>"$LOGS/keepalived-$1.log" 2>&1
  KEEPALIVED_PID[$1]=$STARTED
}

# keepalived_kill NAME: as a crash of the machine ends it. Its children would see their parent's end, and give the address up in an orderly way.
keepalived_kill() {
  local file
  for file in vrrp checkers keepalived; do kill -KILL "$(<"$(run_directory "$1")/$file.pid")" 2>/dev/null; done
  wait "${KEEPALIVED_PID[$1]}" 2>/dev/null
  rm -f "$(run_directory "$1")"/{vrrp,checkers,keepalived}.pid
}
