# Somebody else's sync daemon occupies the place: it is named and the start refused, or it is taken over and restored later
# Needs: daemon
new_run foreign

refuses() {
  local before log words
  say "a $1 with id 42 runs on the sync interface"
  in_ns A ipvsadm --start-daemon "$1" --mcast-interface sync --syncid 42 --mcast-group 224.0.0.99 --mcast-port 9999
  before=$(footprint A)
  ours_config A
  ours_start A
  wait "${OURS_PID[A]}"
  check_equal 'exit status' 1 $?
  log=$(<"$(ours_log A)")
  # Look for the words, too: a time of day can contain 42.
  for words in "sync $1 on sync" 'group 224.0.0.99' 'port 9999' 'sync id 42'; do check "the refusal names $words" grep -qF "$words" <<<"$log"; done
  say_lines <<<"$log"
  check_unchanged A "$before"

  say 'with Kernel:TakeOver'
  sync_ours A Kernel:TakeOver=true
  check_equal 'the kernel runs a master and a backup for us' 2 "$(daemon_count A)"
  check 'the other daemon is gone' test -z "$(kernel_daemons A | grep syncid=42)"
  ours_stop A
  check_equal 'exit status' 0 $?
  check_unchanged A "$before"
  in_ns A ipvsadm --stop-daemon "$1"
}

refuses master
refuses backup
