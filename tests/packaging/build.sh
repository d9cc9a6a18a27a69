# shellcheck shell=bash
# Builds the package twice, in different environments, and runs lintian.

# build_once FOLDER [ENVIRONMENT...]: builds the package, and moves the results to FOLDER.
build_once() {
  local folder=$1
  shift
  env "$@" "$REPO/deploy/package" --symbols ${EXECUTABLE:+--executable "$EXECUTABLE"} >"$PLACE/build.log" 2>&1 || { cat "$PLACE/build.log" && return 1; }
  mkdir "$folder"
  mv "$REPO"/artifacts/package/ipvs-syncd[_-]* "$folder"
}

# packed: prints the files of the package, with owners and modes.
packed() { dpkg-deb -c "$PACKAGE" | awk '$1 !~ /^d/ {print $1, $2, $6}'; }

only_root_owned() { ! packed | awk '$2 != "root/root"' | grep .; }

# links_resolve: every link of a packed guide leads to a packed file.
links_resolve() {
  local folder=$PLACE/guides guide target failed=0
  mkdir "$folder"
  dpkg-deb --fsys-tarfile "$PACKAGE" | tar -x -C "$folder" --strip-components=5 ./usr/share/doc/ipvs-syncd
  for guide in "$folder"/*.md.gz; do
    while read -r target; do
      [[ -e $folder/$target ]] || { echo "${guide##*/}: $target" && failed=1; }
    done < <(zcat "$guide" | grep -oE '\]\([^)#]+' | grep -v '](http' | sed 's/^](//')
  done
  [[ -f $folder/operations.md.gz && -f $folder/two-nodes.md.gz ]] && return "$failed"
}

# names_libraries: the notices, the copyright and the bill of materials have each library that the project refers to.
names_libraries() {
  local name version failed=0
  while read -r name version; do
    zcat "$PLACE/guides/third-party-notices.gz" | grep -qxF "$name $version" && grep -qF " $name $version: " "$PLACE/guides/copyright" &&
      jq -e --arg purl "pkg:nuget/$name@$version" '.components | any(.purl == $purl)' "$PLACE"/first/*.cdx.json >/dev/null || { echo "$name $version" && failed=1; }
  done < <(sed -n 's/.*<PackageReference Include="\([^"]*\)" Version="\([^"]*\)".*/\1 \2/p' "$REPO/src/IpvsSync.Daemon/IpvsSync.Daemon.csproj")
  return "$failed"
}

# symbols_match: the package of the symbols has those of the packed executable, and nothing else.
symbols_match() {
  local id
  dpkg-deb --fsys-tarfile "$PACKAGE" | tar -x -O ./usr/sbin/ipvs-syncd >"$PLACE/packed"
  id=$(readelf -n "$PLACE/packed" | sed -n 's/^ *Build ID: //p')
  same "./usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug" "$(dpkg-deb -c "$PLACE"/first/ipvs-syncd-dbgsym_*.deb | awk '$1 ~ /^-/ { print $6 }')"
}

# locked: a restore with nothing but the packages of deploy/lock. Another SDK brings another compiler, so it says nothing there.
locked() {
  [[ $(dotnet --version) == "$(<"$REPO/deploy/lock/sdk")" ]] || { echo "  skip  this SDK is not that of deploy/lock" && return; }
  dotnet restore "$REPO/src/IpvsSync.Daemon" -p:LockedPackages=yes --artifacts-path "$PLACE/locked"
}

lintian_clean() {
  local file=$PLACE/${PACKAGE##*/}
  install -m 644 "$PACKAGE" "$file"
  (cd / && runuser -u nobody -- lintian --fail-on error,warning "$file")
}

try_build() {
  EXECUTABLE=${DAEMON_FILE:-}
  echo '== package: build'
  rm -f "$REPO"/artifacts/package/ipvs-syncd[_-]*
  check 'deploy/package builds' build_once "$PLACE/first"
  [[ -n $EXECUTABLE ]] || EXECUTABLE=$REPO/artifacts/package/native/ipvs-syncd
  PACKAGE=$(echo "$PLACE"/first/ipvs-syncd_*.deb)
  [[ -f $PACKAGE ]] || give_up 'there is a package'
  check 'a second build succeeds, with another time zone and locale' build_once "$PLACE/second" TZ=Asia/Tokyo LC_ALL=C.UTF-8
  check 'the symbols are of the executable, which gdb finds by its number' symbols_match
  check 'package and tarball of both builds have the same bytes' diff -r "$PLACE/first" "$PLACE/second"
  cp "$PLACE"/first/* "$REPO/artifacts/package/"
  check 'the locked packages are those of the project' locked
  check 'deploy/package --locked refuses an executable, with exit status 2' same 2 "$("$REPO/deploy/package" --locked --executable "$EXECUTABLE" 2>/dev/null; echo $?)"
  check 'root owns everything in it' only_root_owned
  check 'no link of its guides leads out of it' links_resolve
  check 'the libraries that are compiled in are named, with their licences' names_libraries
  check 'lintian finds no error and no warning' lintian_clean
  check 'deploy/package refuses an unknown option, with exit status 2' same 2 "$("$REPO/deploy/package" --no-such 2>/dev/null; echo $?)"
}
