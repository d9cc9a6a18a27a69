# The BPF program and the kernel's master get the same packets: both say the same entries, in number, order and content
# Needs: judge types
# Settings: COUNT (sequences of random packets).
: "${SYNC:=none}" "${COUNT:=60}"

modprobe -d "$MODULES" -a ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh sch_ingress cls_matchall act_skbedit || give_up 'the modules do not load'
need_types

judge 'ring and master say the same in every sequence' feed --seed "$SEED" --count "$COUNT"
