# shellcheck shell=bash
# Packages of a Debian suite, without installing them. The machine's own suite has the machine's own lists. Another one has lists below
# artifacts/lab, from the same archive, so that the machine's apt stays as it is. Sourced by `run`.

is_own_suite() { [[ $1 == "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" ]]; }

# suite_apt SUITE COMMAND ARGUMENT...: runs apt-get or apt-cache with the lists of the suite.
suite_apt() {
  local folder=$ARTIFACTS/apt-$1
  if is_own_suite "$1"; then "${@:2}"; return; fi
  "$2" -o "Dir::Etc::SourceList=$folder/suite.sources" -o Dir::Etc::SourceParts=- -o Dir::Etc::Preferences=- -o Dir::Etc::PreferencesParts=- \
    -o "Dir::State::Lists=$folder/lists" -o Dir::State::Status=/dev/null -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root "${@:3}"
}

# suite_update SUITE: gets the newest lists. Only root may update those of the machine.
suite_update() {
  local folder=$ARTIFACTS/apt-$1
  if is_own_suite "$1"; then
    ((EUID == 0)) || return
  else
    mkdir -p "$folder"/{lists,cache/archives}/partial
    suite_source "$1" >"$folder/suite.sources" || return
  fi
  suite_apt "$1" apt-get update >>"$ARTIFACTS/packages.log" 2>&1
}

# suite_source SUITE: prints a source of that suite, in the archive from which the machine has its own.
suite_source() {
  local own archive keys=/usr/share/keyrings/debian-archive-keyring.gpg
  own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  # shellcheck disable=SC2016
  archive=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(RELEASE) $(CODENAME)' 'Created-By: Packages' |
    awk -v own="$own" '$2 == "main" && ($3 == own || $4 == own) { print $1; exit }')
  [[ -n $archive ]] || { echo "the sources of this machine name no archive for $own main" >>"$ARTIFACTS/packages.log" && return 1; }
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nTargets: Packages\n' "$archive" "$1"
  [[ ! -e $keys ]] || echo "Signed-By: $keys"
}

# suite_version SUITE PACKAGE: prints the version of a package.
suite_version() {
  local version
  version=$(suite_field "$1" "$2" Version)
  [[ -n $version ]] || { suite_update "$1" && version=$(suite_field "$1" "$2" Version); }
  [[ -n $version ]] && echo "$version"
}

suite_field() { suite_apt "$1" apt-cache show --no-all-versions "$2" 2>/dev/null | sed -n "s/^$3: //p"; }

# suite_unpack SUITE FOLDER PACKAGE...: unpacks packages into a new folder, which appears when it is complete.
suite_unpack() {
  local suite=$1 folder=$2 file
  shift 2
  echo "fetching $*"
  rm -rf "$folder" "$folder.new"
  mkdir -p "$folder.new"
  suite_fetch "$suite" "$folder.new" "$@" || { suite_update "$suite" && suite_fetch "$suite" "$folder.new" "$@"; } || return
  for file in "$folder.new"/*.deb; do dpkg-deb -x "$file" "$folder.new" && rm "$file" || return; done
  mv "$folder.new" "$folder"
}

suite_fetch() { (cd "$2" && suite_apt "$1" apt-get download "${@:3}") >>"$ARTIFACTS/packages.log" 2>&1; }
