# shellcheck shell=bash
# Builds the package twice, in different environments, and runs lintian.

# build_once FOLDER [ENVIRONMENT...]: builds the package, and moves the results to FOLDER.
build_once() {
  local folder=$1
  shift
  env "$@" "$REPO/deploy/package" ${EXECUTABLE:+--executable "$EXECUTABLE"} >"$PLACE/build.log" 2>&1 || { cat "$PLACE/build.log" && return 1; }
  mkdir "$folder"
  mv "$REPO"/artifacts/package/ipvs-syncd[_-]* "$folder"
}

# packed: prints the files of the package, with owners and modes.
packed() { dpkg-deb -c "$PACKAGE" | awk '$1 !~ /^d/ {print $1, $2, $6}'; }

only_root_owned() { ! packed | awk '$2 != "root/root"' | grep .; }

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
  PACKAGE=$(echo "$PLACE"/first/*.deb)
  [[ -f $PACKAGE ]] || give_up 'there is a package'
  check 'a second build succeeds, with another time zone and locale' build_once "$PLACE/second" TZ=Asia/Tokyo LC_ALL=C.UTF-8
  check 'package and tarball of both builds have the same bytes' diff -r "$PLACE/first" "$PLACE/second"
  cp "$PLACE"/first/* "$REPO/artifacts/package/"
  check 'root owns everything in it' only_root_owned
  check 'lintian finds no error and no warning' lintian_clean
  check 'deploy/package refuses an unknown option, with exit status 2' same 2 "$("$REPO/deploy/package" --no-such 2>/dev/null; echo $?)"
}
