# Any user on a director can forge a connection; the packet filter of deploy/nftables stops that, and admits the daemon
# Needs: daemon
# The lab's kernel has nftables without IPv4, so the rules are tested on the host's kernel first: host/fence.sh.
STRANGER=65533

# forge UID CLIENT-PORT: multicasts a connection to B's injector, as this user.
forge() {
  in_ns B setpriv --reuid "$1" --regid "$1" --clear-groups "$PROBE" forge --to 224.0.0.81 --port 28848 --from 127.0.0.1 \
    --client "${FRONT_ADDRESS[client]}" --client-port "$2" --service "$VIP" --destination "${FRONT_ADDRESS[r1]}"
}

# held PORT: prints the number of entries of B from this client port.
held() { table B | awk -v port="$(printf '%04X' "$1")" '$3 == port' | wc -l; }

is_held() { (($(held "$1") > 0)); }

new_run fence/50/1
sync_ours B && sync_ours A
check_equal 'B has no such connection' 0 "$(held 4001)"
forge $STRANGER 4001
within 3 is_held 4001
check_equal 'without the rules, another user creates a connection on B: the message is valid' 1 "$(held 4001)"
