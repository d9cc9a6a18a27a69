# shellcheck shell=bash
# Compares the manual and the completion with --help of the executable and with deploy/appsettings.reference.json.

VERBS_PAGE=$REPO/deploy/debian/ipvs-syncd.8
KEYS_PAGE=$REPO/deploy/debian/appsettings.json.5

# reference_keys: prints a line SECTION:KEY=DEFAULT for each key of the reference. Interface of the sync network has no default.
reference_keys() {
  awk '
    /^ *\/\// { next }
    /"[A-Za-z]+": *\{/ { split($0, part, "\""); path[++depth] = part[2]; next }
    /^ *\},?$/ { depth--; next }
    /"[A-Za-z]+": / {
      split($0, part, "\""); name = part[2]
      value = $0; sub(/^[^:]*: */, "", value); gsub(/[",]/, "", value)
      prefix = ""; for (i = 1; i <= depth; i++) prefix = prefix path[i] ":"
      if (prefix name == "IpvsSync:Interface") value = "(required)"
      print prefix name "=" value
    }' "$REPO/deploy/appsettings.reference.json" | sort
}

# page_keys: prints the same for the manual page.
page_keys() {
  awk '
    /^\.Ss / { section = $2 }
    /^\.It Cm .* Pq required/ { print section ":" $3 "=(required)"; next }
    /^\.It Cm / { print section ":" $3 "=" ($6 == "Dq" ? "" : $6) }' "$KEYS_PAGE" | sort
}

help_verbs() { "$EXECUTABLE" --help | sed -n '/^Commands:/,$s/^  \([a-z][a-z-]*\)[ ,].*/\1/p' | sort; }

# help_options VERB: prints its long options, without those that all commands have.
help_options() {
  "$EXECUTABLE" "$1" --help | grep -oE -e '^  (-[^ ]*, )*--[a-z0-9-]+' | grep -oE -e '--[a-z0-9-]+' | grep -vxE -e '--(config|help|version)' | sort
}

# page_options SECTION: prints the same for the manual page.
page_options() {
  awk -v section="$1" '/^\.S[sh] / { here = $2 == section } here && /^\.It Fl -/ { print "-" $3 }' "$VERBS_PAGE" | sort
}

page_verbs() {
  awk '/^\.Sh / { here = $2 == "DESCRIPTION" } here && /^\.Ss [a-z-]+$/ { print $2 }' "$VERBS_PAGE" | sort
}

# completed WORD...: prints what the completion offers for the last word.
completed() {
  (
    PATH=$(dirname "$EXECUTABLE"):$PATH
    # shellcheck source=deploy/debian/ipvs-syncd.bash-completion
    source "$REPO/deploy/debian/ipvs-syncd.bash-completion"
    COMP_WORDS=("$EXECUTABLE" "$@")
    COMP_CWORD=$#
    _ipvs_syncd "$EXECUTABLE" "${*: -1}" "${COMP_WORDS[COMP_CWORD - 1]}"
    ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}" | sort
  )
}

completed_options() { completed "$1" -- | grep -vxE -e '--(config|help|version)'; }

# help_letters, page_letters: print the short names of commands, which are conntrackd's.
help_letters() { "$EXECUTABLE" --help | sed -n '/^Commands:/,$s/^  \(\|[a-z-]*, \)\(-[a-z]\) .*/\2/p' | sort; }
page_letters() { awk '/^\.Ss / { here = /letters/ } here && /^\.It Fl [a-z]$/ { print "-" $3 }' "$VERBS_PAGE" | sort; }

renders() { ! man --warnings -E UTF-8 -l "$1" 2>&1 >/dev/null | grep .; }

try_manual() {
  local verb
  echo '== package: manual'
  check 'ipvs-syncd(8) has no formatting warning' renders "$VERBS_PAGE"
  check 'appsettings.json(5) has no formatting warning' renders "$KEYS_PAGE"
  check 'appsettings.json(5) has the keys and defaults of the reference, and no others' same "$(reference_keys)" "$(page_keys)"
  check 'the reference has keys at all' test "$(reference_keys | wc -l)" -gt 20
  check 'ipvs-syncd(8) has the commands of --help, and no others' same "$(help_verbs)" "$(page_verbs)"
  check 'the completion offers the commands' same "$(help_verbs)" "$(completed '')"
  for verb in $(help_verbs); do
    check "ipvs-syncd(8) has the options of $verb, and no others" same "$(help_options "$verb")" "$(page_options "$verb")"
    check "the completion offers the options of $verb" same "$(help_options "$verb")" "$(completed_options "$verb")"
  done
  check 'ipvs-syncd(8) has the letters of --help, and no others' same "$(help_letters)" "$(page_letters)"
  check 'there are letters at all' test "$(help_letters | wc -l)" = 4
  check 'the completion offers the choices of an argument' same $'backup\nboth\nmaster' "$(completed role '')"
  check 'the completion offers the choices of an option' same $'6.1.176\n7.2.7\nhardened' "$(completed decode --profile '')"
  check 'the completion offers files' same "$REPO/LICENSE" "$(completed decode "$REPO/LICEN")"
}
