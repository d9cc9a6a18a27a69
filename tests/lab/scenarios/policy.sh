# The kernel's sync master and our policy get the same packets: both send the same entries, in number, order and content
# Needs: judge
# Settings: COUNT (sequences of random packets).
: "${SYNC:=none}" "${COUNT:=60}"

modprobe -d "$MODULES" -a ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh sch_ingress cls_matchall act_skbedit || give_up 'the modules do not load'

judge 'the embedded director has the TCP transitions of the kernel' tcp
judge 'the embedded director has the SCTP transitions of the kernel' sctp
judge 'kernel and policy send the same entries in every sequence' sequences --seed "$SEED" --count "$COUNT"
