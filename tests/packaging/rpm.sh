# shellcheck shell=bash
# The rpm for EL 9 and 10. No EL is reachable: rpm installs it in a temporary root, which is a Debian with systemd.

# What rpmlint says of every rpm that is not signed by a distribution, or by the conventions of another one.
RPM_REMARKS='no-url-tag|no-signature|no-group-tag|manpage-not-compressed|invalid-license|no-manual-page-for-binary'

# build_rpm FOLDER [ENVIRONMENT...]: builds it, and moves the results to FOLDER.
build_rpm() {
  local folder=$1
  shift
  rm -f "$REPO"/artifacts/package/ipvs-syncd-*.rpm
  env "$@" "$REPO/deploy/package" --rpm --executable "$EXECUTABLE" >"$PLACE/rpm.log" 2>&1 || { cat "$PLACE/rpm.log" && return 1; }
  mkdir "$folder"
  mv "$REPO"/artifacts/package/ipvs-syncd-*.rpm "$folder"
}

# rpm_there OPTION...: rpm, in the temporary root.
rpm_there() { rpm --root "$PLACE/rpm-root" "$@"; }

rpmlint_clean() { ! rpmlint "$RPM" 2>&1 | grep -E ': [EW]: ' | grep -vE "[EW]: ($RPM_REMARKS)" | grep .; }

# newest_needed: prints the newest version of glibc that the rpm asks for.
newest_needed() { rpm -qp --requires "$RPM" | sed -n 's/.*(GLIBC_\([0-9.]*\)).*/\1/p' | sort -V | tail -n 1; }

# not_newer VERSION NEWEST
not_newer() { [[ -n $1 && $(printf '%s\n' "$1" "$2" | sort -V | tail -n 1) == "$2" ]] || { echo "'$1' is newer than $2" && return 1; }; }

# newer_symbol: deploy/package refuses an executable with a symbol of glibc 2.36.
newer_symbol() {
  printf '#include <stdlib.h>\nint main(void) { return arc4random() == 7; }\n' | gcc -x c -o "$PLACE/newer-symbol" - || return 1
  refused_executable 'needs glibc 2.36' --rpm --executable "$PLACE/newer-symbol"
}

# same_files: the rpm has the files of the Debian package, but for what each of them has of its own.
same_files() {
  same "$(dpkg-deb -c "$PACKAGE" | awk '$1 !~ /^d/ {sub(/^\./, "", $6); sub(/\.md\.gz$/, ".md", $6); sub(/vendor-completions/, "site-functions", $6); print $1, $6}' |
    grep -vE '/(changelog|copyright|third-party-notices)(\.gz)?$' | sort -k 2)" \
    "$(rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$RPM" | grep -vE '^d|/usr/lib/\.build-id|/usr/share/licenses/' | sort -k 2)"
}

rpm_traces() { find "$PLACE/rpm-root" -xdev \( -path '*/proc' -o -path '*/usr/share/doc' \) -prune -o -name '*ipvs*' -print; }

try_rpm_root() {
  local settings=$PLACE/rpm-root/etc/ipvs-sync/appsettings.json
  mmdebstrap --variant=minbase --include=systemd bookworm "$PLACE/rpm-root" >"$PLACE/rpm-root.log" 2>&1 || { tail -n 5 "$PLACE/rpm-root.log"; check 'there is a root' false; return; }
  rpm_there --initdb
  check 'rpm installs it' rpm_there -i --nodeps "$RPM"
  check 'every file is as packed' rpm_there -V --nodeps ipvs-syncd
  check 'the user is a system user without a shell or a home' same '/nonexistent:/usr/sbin/nologin' \
    "$(chroot "$PLACE/rpm-root" getent passwd ipvs-sync | cut -d : -f 6,7)"
  check 'the executable runs' chroot "$PLACE/rpm-root" ipvs-syncd --version
  check 'nothing is enabled' same disabled "$(systemctl --root "$PLACE/rpm-root" is-enabled ipvs-syncd.service)"
  echo '{ "IpvsSync": { "Interface": "lo" } }' >"$settings"
  systemctl --root "$PLACE/rpm-root" -q enable ipvs-syncd.service
  check 'it upgrades' rpm_there -U --nodeps --replacepkgs "$RPM"
  check 'an upgrade keeps the edited configuration' grep -q '"lo"' "$settings"
  check 'an upgrade keeps the unit enabled' same enabled "$(systemctl --root "$PLACE/rpm-root" is-enabled ipvs-syncd.service)"
  check 'rpm removes it' rpm_there -e --nodeps ipvs-syncd
  check 'a removal keeps the edited configuration' grep -q '"lo"' "$settings.rpmsave"
  check 'and nothing else' same "$PLACE/rpm-root/etc/ipvs-sync" "$(rpm_traces)"
  rm -rf --one-file-system "$PLACE/rpm-root"
}

try_rpm() {
  echo '== package: rpm'
  need rpm rpmlint gcc libc6-dev
  check 'deploy/package --rpm builds' build_rpm "$PLACE/rpm-first"
  RPM=$(echo "$PLACE"/rpm-first/*.rpm)
  [[ -f $RPM ]] || { check 'there is an rpm' false && return; }
  check 'a second build succeeds, with another time zone and locale' build_rpm "$PLACE/rpm-second" TZ=Asia/Tokyo LC_ALL=C.UTF-8
  check 'both have the same bytes' diff -r "$PLACE/rpm-first" "$PLACE/rpm-second"
  cp "$RPM" "$REPO/artifacts/package/"
  check 'its digests are right' rpm -K --nosignature "$RPM"
  check "it needs glibc $(newest_needed), at most 2.34, which EL 9 has" not_newer "$(newest_needed)" 2.34
  check 'an executable that needs a newer glibc is refused' newer_symbol
  check 'it needs OpenSSL 3 and systemd' same $'libcrypto.so.3()(64bit)\nlibssl.so.3()(64bit)\nsystemd' \
    "$(rpm -qp --requires "$RPM" | grep -E '^(libssl|libcrypto|systemd)' | sort -u)"
  check 'it has the files and modes of the Debian package' same_files
  check 'root owns everything in it' same 'root:root' "$(rpm -qp --qf '[%{FILEUSERNAME}:%{FILEGROUPNAME}\n]' "$RPM" | sort -u)"
  check 'its one configuration file is kept when it was edited' same '/etc/ipvs-sync/appsettings.json 17' "$(rpm -qp --qf '[%{FILENAMES} %{FILEFLAGS}\n]' "$RPM" | grep '^/etc/.*json')"
  check 'its licences are those of the libraries' same 'MIT AND Apache-2.0' "$(rpm -qp --qf '%{LICENSE}' "$RPM")"
  check 'it names what is compiled in' same "$(jq -r '.components[] | "bundled(nuget-\(.name)) = \(.version)"' "$PLACE"/first/*.cdx.json | sort)" \
    "$(rpm -qp --provides "$RPM" | grep '^bundled' | sort)"
  check 'rpmlint finds nothing else than a missing signature and conventions of others' rpmlint_clean
  try_rpm_root
}
