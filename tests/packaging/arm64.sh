# shellcheck shell=bash
# The package for another processor, built here. Its executable runs in an emulator of that processor.

# build_arm64 FOLDER [ENVIRONMENT...]: builds it, and moves the results to FOLDER.
build_arm64() {
  local folder=$1
  shift
  env "$@" "$REPO/deploy/package" --arch arm64 ${ARM64_EXECUTABLE:+--executable "$ARM64_EXECUTABLE"} >"$PLACE/arm64.log" 2>&1 || { cat "$PLACE/arm64.log" && return 1; }
  mkdir "$folder"
  mv "$REPO"/artifacts/package/ipvs-syncd_*_arm64.deb "$REPO"/artifacts/package/ipvs-syncd-*-linux-arm64.* "$folder"
}

# emulated ARGUMENT...: runs the executable of the package.
emulated() { qemu-aarch64-static -L /usr/aarch64-linux-gnu "$PLACE/arm64/usr/sbin/ipvs-syncd" "$@"; }

# says_same ARGUMENT...: both executables print the same.
says_same() {
  local here there
  here=$("$EXECUTABLE" "$@" 2>&1; echo "status $?")
  there=$(emulated "$@" 2>&1; echo "status $?")
  [[ -n $here ]] && same "$here" "$there"
}

# elf FIELD FILE: prints a field of the header.
elf() { readelf -hW "$2" | sed -n "s/^ *$1: *//p"; }

try_arm64() {
  local executable package capture
  echo '== package: arm64'
  need qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross
  ARM64_EXECUTABLE=${ARM64_FILE:-}
  check 'deploy/package --arch arm64 builds' build_arm64 "$PLACE/arm64-first"
  [[ -n $ARM64_EXECUTABLE ]] || ARM64_EXECUTABLE=$REPO/artifacts/package/native-arm64/ipvs-syncd
  package=$(echo "$PLACE"/arm64-first/*.deb)
  [[ -f $package ]] || { check 'there is a package' false && return; }
  check 'a second build succeeds, with another time zone and locale' build_arm64 "$PLACE/arm64-second" TZ=Asia/Tokyo LC_ALL=C.UTF-8
  check 'both have the same bytes' diff -r "$PLACE/arm64-first" "$PLACE/arm64-second"
  cp "$PLACE"/arm64-first/* "$REPO/artifacts/package/"
  dpkg-deb -x "$package" "$PLACE/arm64"
  executable=$PLACE/arm64/usr/sbin/ipvs-syncd
  check 'the package is for arm64' same arm64 "$(dpkg-deb -f "$package" Architecture)"
  check 'the executable is for that processor' same 'AArch64' "$(elf Machine "$executable")"
  check 'it is stripped' same '' "$(readelf -SW "$executable" | grep -oE '\.(symtab|debug_info)')"
  # Here, dpkg finds this in the lists of symbols; for arm64, the versions of the symbols say it.
  check 'the package needs the same libraries as the one for this machine' same "$(dpkg-deb -f "$PACKAGE" Depends)" "$(dpkg-deb -f "$package" Depends)"
  check 'it has the same files' same "$(packed | awk '{print $1, $2, $3}')" "$(PACKAGE=$package packed | awk '{print $1, $2, $3}')"
  check 'the libraries that are compiled in are those of arm64' arm64_libraries
  check 'lintian finds no error and no warning' env PACKAGE="$package" bash -c "$(declare -f lintian_clean); PLACE='$PLACE' lintian_clean"
  check 'the executable says its version' says_same --version
  check 'it checks a configuration' says_same check-config --config "$REPO/deploy/appsettings.reference.json" --IpvsSync:Interface=lo
  check 'it names a fault' says_same check-config --config "$REPO/deploy/appsettings.reference.json" --IpvsSync:Interface=lo --IpvsSync:SyncPorts=3
  for capture in "$REPO"/tests/IpvsSync.Protocol.Tests/Golden/{sip-v1,ipv6-v1}.pcap "$REPO/tests/IpvsSync.Protocol.Tests/Golden/Peering/every-kind.pcap"; do
    check "it reads the messages of ${capture##*/}" says_same decode "$capture"
  done
  check 'it plans' says_same plan --duration 60 --rate 20
  check 'an executable of another processor is refused' refused_executable 'is not for arm64' --arch arm64 --executable "$EXECUTABLE"
  check '--arch refuses another processor, with exit status 2' same 2 "$("$REPO/deploy/package" --arch riscv64 2>/dev/null; echo $?)"
}

# arm64_libraries: the bill of materials and the notices name the runtime of arm64, and no other.
arm64_libraries() {
  local runtimes=Microsoft.NETCore.App.Runtime.NativeAOT
  same "$runtimes.linux-arm64" "$(jq -r '.components[].name' "$PLACE"/arm64-first/*.cdx.json | grep -F "$runtimes")" &&
    same "$runtimes.linux-arm64" "$(zcat "$PLACE/arm64/usr/share/doc/ipvs-syncd/third-party-notices.gz" | grep -oE "^${runtimes}[^ ]*")" &&
    same "$(jq '.components | length' "$PLACE"/first/*.cdx.json)" "$(jq '.components | length' "$PLACE"/arm64-first/*.cdx.json)"
}

# refused_executable TEXT OPTION...: deploy/package fails, and says the text.
refused_executable() {
  local text=$1 output
  shift
  ! output=$("$REPO/deploy/package" "$@" 2>&1) || { echo 'it succeeds' && return 1; }
  echo "$output"
  grep -qF -e "$text" <<<"$output"
}
