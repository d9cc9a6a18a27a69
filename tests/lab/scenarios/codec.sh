# The kernel's backup and our reader get the same bytes, the specification's vectors and 20,000 mutants: both keep the same connections
# Needs: judge
# Settings: COUNT (mutated messages).
: "${SYNC:=none}" "${COUNT:=20000}"

modprobe -d "$MODULES" ip_vs_pe_sip || give_up 'the SIP engine does not load'

judge 'specification, kernel and reader agree on every vector' vectors
judge "kernel and reader keep the same connections from $COUNT mutated messages" mutants --seed "$SEED" --count "$COUNT"
