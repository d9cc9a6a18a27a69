# The main job, step by step: live connections, a crash, a count of the survivors; the kernel's own sync and ours in comparison
# Needs: daemon
# Settings: RATE (connections a second).
: "${RATE:=50}"

# act TEXT: shows the current step.
act() { say "    $*"; }

# chapter KIND NAME talking|silent
chapter() {
  local options=()
  [[ $3 == silent ]] && options=(--silent)
  say ''
  say "  $2, clients $3"
  new_run "$3/$1/$RATE/1"
  sync_pair "$1"
  act 'both directors are up; A has the virtual address, and B receives'
  start_servers
  start_clients "$RATE" "${options[@]}"
  random_between 3000 5000
  act "clients open $RATE connections a second through A, for $RANDOM_SECONDS s"
  sleep "$RANDOM_SECONDS"
  crash
  act 'A dies: both of its links are cut at the same moment'
  failover
  act 'B takes over the address, and every client uses its connection again'
  bed_down
  act "$("$PROBE" report run "$RUN_DIR" | sed 's/;.*//')"
}

say ''
say '  client ---+--- director A ---+'
say '            |        |  sync   +--- web server 1'
say '            +--- director B ---+--- web server 2'
chapter kernel-defaults "the kernel's own sync daemon" talking
chapter ours 'ipvs-syncd' talking
chapter kernel-defaults "the kernel's own sync daemon" silent
chapter ours 'ipvs-syncd' silent
say ''
"$PROBE" report story "$RESULTS" --reset-at-most ours=2 >"$RESULTS/table.txt"
verdict=$?
say_lines <"$RESULTS/table.txt"
say ''
say 'A silent client sends nothing after its handshake: a database connection in a pool, a chat, a push channel.'
say 'The window is the age of the oldest connection that was lost.'
say ''
check 'ipvs-syncd kept every connection except those of the last milliseconds' test "$verdict" = 0
