# shellcheck shell=bash
# Compares the manual and the completions with --help of the executable and with deploy/appsettings.reference.json.

VERBS_PAGE=$REPO/deploy/debian/ipvs-syncd.8
KEYS_PAGE=$REPO/deploy/debian/ipvs-syncd.json.5

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

# completed SHELL WORD...: prints what the completion of a shell offers for the last word.
completed() {
  PATH=$(dirname "$EXECUTABLE"):$PATH "completed_$1" "${@:2}" | sort
}

completed_bash() {
  (
    # shellcheck source=deploy/debian/ipvs-syncd.bash-completion
    source "$REPO/deploy/debian/ipvs-syncd.bash-completion"
    COMP_WORDS=("$EXECUTABLE" "$@")
    COMP_CWORD=$#
    _ipvs_syncd "$EXECUTABLE" "${*: -1}" "${COMP_WORDS[COMP_CWORD - 1]}"
    ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
  )
}

# zsh selects among what is offered itself, so this does.
# shellcheck disable=SC2016
completed_zsh() {
  zsh -f -c 'compadd() { print -l -- ${(M)${(P)2}:#${words[CURRENT]}*} }; _files() { print -l -- ${words[CURRENT]}*(N) }; words=("$@"); CURRENT=$#
    source '"$REPO/deploy/debian/ipvs-syncd.zsh-completion" zsh ipvs-syncd "$@" | grep .
}

completed_fish() {
  local words
  printf -v words '%s ' ipvs-syncd "${@:1:$#-1}"
  HOME=/nonexistent fish -N -c "source $REPO/deploy/debian/ipvs-syncd.fish-completion; complete -C '$words${*: -1}'" | cut -f 1
}

completed_options() { completed "$1" "$2" -- | grep -vxE -e '--(config|help|version)'; }

# help_letters, page_letters: print the short names of commands, which are conntrackd's.
help_letters() { "$EXECUTABLE" --help | sed -n '/^Commands:/,$s/^  \(\|[a-z-]*, \)\(-[a-z]\) .*/\2/p' | sort; }
page_letters() { awk '/^\.Ss / { here = /letters/ } here && /^\.It Fl [a-z]$/ { print "-" $3 }' "$VERBS_PAGE" | sort; }

renders() { ! man --warnings -E UTF-8 -l "$1" 2>&1 >/dev/null | grep .; }

try_manual() {
  local verb shell
  echo '== package: manual'
  check 'ipvs-syncd(8) has no formatting warning' renders "$VERBS_PAGE"
  check 'ipvs-syncd.json(5) has no formatting warning' renders "$KEYS_PAGE"
  check 'ipvs-syncd.json(5) has the keys and defaults of the reference, and no others' same "$(reference_keys)" "$(page_keys)"
  check 'the reference has keys at all' test "$(reference_keys | wc -l)" -gt 20
  check 'ipvs-syncd(8) has the commands of --help, and no others' same "$(help_verbs)" "$(page_verbs)"
  for verb in $(help_verbs); do
    check "ipvs-syncd(8) has the options of $verb, and no others" same "$(help_options "$verb")" "$(page_options "$verb")"
  done
  check 'ipvs-syncd(8) has the letters of --help, and no others' same "$(help_letters)" "$(page_letters)"
  check 'there are letters at all' test "$(help_letters | wc -l)" = 4
  for shell in bash zsh fish; do try_completion $shell; done
}

# try_completion SHELL
try_completion() {
  local verb
  check "the completion of $1 offers the commands" same "$(help_verbs)" "$(completed "$1" '')"
  for verb in $(help_verbs); do
    check "the completion of $1 offers the options of $verb" same "$(help_options "$verb")" "$(completed_options "$1" "$verb")"
  done
  check "the completion of $1 offers the choices of an argument" same $'backup\nboth\nmaster' "$(completed "$1" role '')"
  check "the completion of $1 offers the choices of an option" same $'6.1.176\n7.2.7\nhardened' "$(completed "$1" decode --profile '')"
  check "the completion of $1 offers files" same "$REPO/LICENSE" "$(completed "$1" decode "$REPO/LICEN")"
}
