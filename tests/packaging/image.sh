# shellcheck shell=bash
# The OCI image. It is read by programs that did not write it, and runs with the rights that docs/container.md gives it, in a network of its own.

# build_image FOLDER [ENVIRONMENT...]: builds it, and moves the results to FOLDER.
build_image() {
  local folder=$1
  shift
  rm -f "$REPO"/artifacts/image/ipvs-syncd-*
  env "$@" "$REPO/deploy/image" --executable "$EXECUTABLE" >"$PLACE/image.log" 2>&1 || { cat "$PLACE/image.log" && return 1; }
  mkdir "$folder"
  mv "$REPO"/artifacts/image/ipvs-syncd-* "$folder"
}

# unpack_image: makes a bundle of the image, and of its configuration one with the rights of docs/container.md: root with one capability, which cannot gain
# privileges, and everything read-only but its volumes. The runtime's own protection of /proc/sys stays.
unpack_image() {
  skopeo copy -q "oci-archive:$IMAGE" "oci:$PLACE/layout:test" && umoci unpack --image "$PLACE/layout:test" "$PLACE/bundle" >/dev/null 2>&1 || return 1
  jq '.process.terminal = false | .process.noNewPrivileges = true | .root.readonly = true
    | .process.capabilities = ({bounding: ["CAP_NET_ADMIN"]} | .effective = .bounding | .permitted = .bounding)
    | .linux.namespaces |= map(select(.type != "network"))
    | .linux.readonlyPaths = ((.linux.readonlyPaths // []) + ["/proc/sys"] | unique) | .linux.maskedPaths -= ["/proc/sys"]' \
    "$PLACE/bundle/config.json" >"$PLACE/bundle.json"
  mkdir "$PLACE/state"
}

# contained FILTER ARGUMENT...: runs a container with these arguments of ipvs-syncd, and its output. FILTER changes the configuration of the bundle.
contained() {
  prepare_container "$@" && in_network runc --root "$PLACE/runc" run -b "$PLACE/bundle" "ipvs-syncd-$$" </dev/null
}

prepare_container() {
  local filter=$1
  shift
  jq --arg state "$PLACE/state" --rawfile words <(printf '%s\n' "$@") '.process.args = ["/usr/sbin/ipvs-syncd"] + ($words | rtrimstr("\n") | split("\n"))
    | (.mounts[] | select(.destination == "/run/ipvs-sync")) = {destination: "/run/ipvs-sync", type: "bind", source: $state, options: ["bind", "rw"]}
    | '"$filter" <"$PLACE/bundle.json" >"$PLACE/bundle/config.json"
}

# in_network COMMAND...: runs it in a network of its own, with a loopback.
in_network() { unshare -n sh -c 'ip link set lo up && exec "$@"' - "$@"; }

# asked ARGUMENT...: runs ipvs-syncd in the container that runs.
asked() { runc --root "$PLACE/runc" exec "ipvs-syncd-$$" ipvs-syncd "$@" </dev/null; }

# config FILTER: prints a part of the image's configuration.
config() { skopeo inspect --config "oci-archive:$IMAGE" | jq -r "$1"; }

has_labels() {
  local key failed=0
  for key in title version created licenses description vendor; do
    config ".config.Labels[\"org.opencontainers.image.$key\"] // \"\"" | grep -q . || { echo "$key" && failed=1; }
  done
  return "$failed"
}

# names_contents: each Debian package of the image is in the bill of materials, which a scanner finds in the image, too; and each shared library is of one.
names_contents() {
  local name failed=0
  for name in "$PLACE"/bundle/rootfs/var/lib/dpkg/status.d/*; do
    name=${name##*/}
    jq -e --arg name "$name" '.components | any(.name == $name)' "$PLACE"/image-first/*.cdx.json >/dev/null || [[ $name == ipvs-syncd ]] || { echo "$name is not in the bill" && failed=1; }
    [[ -s $PLACE/bundle/rootfs/usr/share/doc/$name/copyright ]] || { echo "$name has no copyright" && failed=1; }
  done
  for name in libc6 libssl3t64 ipvs-syncd; do [[ -e $PLACE/bundle/rootfs/var/lib/dpkg/status.d/$name ]] || { echo "no $name" && failed=1; }; done
  jq -e '.components | any(.name == "OpenTelemetry")' "$PLACE"/image-first/*.cdx.json >/dev/null && return "$failed"
}

# finds_libraries FOLDER: every library that a program or library of the image needs is in it.
finds_libraries() {
  local root=$1 name failed=0
  for name in $(find "$root/usr/sbin" "$root/usr/lib" -type f \( -perm /111 -o -name '*.so*' \) -exec readelf -dW {} + 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
    compgen -G "$root/usr/lib*/$name" >/dev/null || compgen -G "$root/usr/lib/*/$name" >/dev/null || { echo "$name" && failed=1; }
  done
  return "$failed"
}

# no_programs: nothing else can be started, and nothing gains privileges or belongs to others.
no_programs() {
  same '' "$(find "$PLACE/bundle/rootfs" \( -perm /6000 -o ! -user 0 -o ! -group 0 \) ! -type l -print; find "$PLACE/bundle/rootfs/usr/bin" "$PLACE/bundle/rootfs/usr/sbin" -type f ! -name ipvs-syncd)"
}

# has_key: a key from a Secret of Kubernetes, which is a link to a file that only its owner reads; OpenSSL is found.
has_key() {
  local folder=$PLACE/secret
  mkdir -p "$folder/..data" "$PLACE/config"
  "$EXECUTABLE" keygen "$folder/..data/sync-1.key" >/dev/null && chmod 400 "$folder/..data/sync-1.key" && ln -s ..data/sync-1.key "$folder/sync-1.key" || return 1
  echo '{ "IpvsSync": { "Interface": "lo", "Authentication": { "Mode": "Sign", "ActiveKey": 1, "Keys": [{ "Id": 1, "File": "/keys/sync-1.key" }] } } }' >"$PLACE/config/appsettings.json"
  contained ".mounts += [{destination: \"/keys\", type: \"bind\", source: \"$folder\", options: [\"bind\", \"ro\"]}, {destination: \"/etc/ipvs-sync\", type: \"bind\",
    source: \"$PLACE/config\", options: [\"bind\", \"ro\"]}]" check-config
}

# without_ipvs: this kernel has none, or its sysctls do not suffice: the start is refused, and says what to do.
without_ipvs() {
  local output
  ! output=$(contained '.process.env += ["IpvsSync__Interface=lo"]' run --config /etc/ipvs-sync/appsettings.json 2>&1) || { echo 'it starts' && return 1; }
  echo "$output"
  grep -qE 'has no IPVS: load it with `modprobe ip_vs` on the host|Set them on the host, as root: sysctl -w' <<<"$output"
}

# try_life: a container from start to stop, without a kernel.
try_life() {
  local try id=ipvs-syncd-$$ main
  prepare_container '.process.env += ["IpvsSync__Interface=lo", "IpvsSync__Kernel__Mode=None"]' run --config /etc/ipvs-sync/appsettings.json
  in_network runc --root "$PLACE/runc" run -b "$PLACE/bundle" "$id" </dev/null >"$PLACE/container.log" 2>&1 &
  local container=$!
  for try in {1..60}; do
    ! asked ready --quiet 2>/dev/null || break
    sleep 0.5
  done
  main=$(runc --root "$PLACE/runc" state "$id" | jq .pid)
  check "the daemon is ready, as its readiness probe says (attempt $try)" asked ready
  check 'it answers its liveness probe' asked status --json
  check 'it has one capability' same 0000000000001000 "$(sed -n 's/^CapEff:\t//p' "/proc/$main/status")"
  check 'its /proc/sys is read-only' sh -c "awk '\$5 == \"/proc/sys\" && \$6 ~ /^ro/' /proc/$main/mountinfo | grep ."
  check 'its root is read-only' sh -c "awk '\$5 == \"/\" && \$6 ~ /^ro/' /proc/$main/mountinfo | grep ."
  check 'its gate is where the host sees it' same 0 "$(cat "$PLACE/state/gate")"
  runc --root "$PLACE/runc" kill "$id" TERM
  wait "$container"
  check 'the stop signal of the image ends it with status 0' same 0 $?
  check 'its log has the stop' grep -q Stopped "$PLACE/container.log"
}

# ends_loader: the loader of the BPF program is the first process of its container, and hears SIGTERM.
ends_loader() {
  local try id=ipvs-syncd-$$
  prepare_container '.process.capabilities |= map_values(["CAP_SYS_ADMIN"])' feed-loader --listen /run/ipvs-sync/feed.sock
  in_network runc --root "$PLACE/runc" run -b "$PLACE/bundle" "$id" </dev/null >"$PLACE/loader.log" 2>&1 &
  local container=$!
  for try in {1..60}; do
    [[ ! -S $PLACE/state/feed.sock ]] || break
    sleep 0.5
  done
  sleep 1
  runc --root "$PLACE/runc" kill "$id" TERM
  for try in {1..20}; do
    kill -0 "$container" 2>/dev/null || break
    sleep 0.5
  done
  if kill -0 "$container" 2>/dev/null; then
    runc --root "$PLACE/runc" kill "$id" KILL
    echo 'it still runs 10 s after SIGTERM'
  fi
  wait "$container" && [[ ! -e $PLACE/state/feed.sock ]]
}

# runs_arm64: the image for the other processor, built of its executable; an emulator runs it.
runs_arm64() {
  "$REPO/deploy/image" --arch arm64 --executable "$ARM64_FILE" >"$PLACE/image-arm64.log" 2>&1 || { cat "$PLACE/image-arm64.log" && return 1; }
  local archive
  archive=$(echo "$REPO"/artifacts/image/ipvs-syncd-*-linux-arm64.oci.tar)
  skopeo copy -q --override-arch arm64 "oci-archive:$archive" "oci:$PLACE/layout-arm64:test" && umoci unpack --image "$PLACE/layout-arm64:test" "$PLACE/bundle-arm64" >/dev/null 2>&1 || return 1
  same arm64 "$(skopeo inspect --override-arch arm64 "oci-archive:$archive" | jq -r .Architecture)" && finds_libraries "$PLACE/bundle-arm64/rootfs" &&
    qemu-aarch64-static -L "$PLACE/bundle-arm64/rootfs" "$PLACE/bundle-arm64/rootfs/usr/sbin/ipvs-syncd" --version
}

try_image() {
  local demo
  echo '== package: image'
  need skopeo umoci runc iproute2
  check 'deploy/image builds' build_image "$PLACE/image-first"
  IMAGE=$(echo "$PLACE"/image-first/*.oci.tar)
  [[ -f $IMAGE ]] || { check 'there is an image' false && return; }
  check 'a second build succeeds, with another time zone and locale' build_image "$PLACE/image-second" TZ=Asia/Tokyo LC_ALL=C.UTF-8
  check 'both have the same bytes' diff -r "$PLACE/image-first" "$PLACE/image-second"
  cp "$PLACE"/image-first/* "$REPO/artifacts/image/"
  check 'other programs read and unpack it' unpack_image
  check 'it has the labels of OCI' has_labels
  check 'it starts the daemon in the foreground' same '["/usr/sbin/ipvs-syncd"] ["run","--config","/etc/ipvs-sync/appsettings.json"]' "$(config '"\(.config.Entrypoint) \(.config.Cmd)"')"
  check 'what is in it is named' names_contents
  check 'every library that is needed is in it' finds_libraries "$PLACE/bundle/rootfs"
  check 'it has no other program, and nothing that gains privileges' no_programs
  check 'the executable says its version' same "$("$EXECUTABLE" --version)" "$(contained . --version)"
  check 'it checks the configuration of the image, with an interface that is there' contained '.process.env += ["IpvsSync__Interface=lo"]' check-config
  check 'that configuration sets no sysctl' same Check "$(jq -r .IpvsSync.Kernel.Sysctls "$PLACE/bundle/rootfs/etc/ipvs-sync/appsettings.json")"
  demo=$(contained . demo --seconds 3 2>&1)
  check 'two directors of the demo have the same connections' grep -qE '^0 differences of [1-9]' <<<"$demo"
  check 'it takes a key from a Secret, and finds OpenSSL' has_key
  check 'a start that cannot be says what is missing on the host' without_ipvs
  try_life
  check 'the loader of the BPF program ends on SIGTERM and leaves no socket' ends_loader
  if [[ -n ${ARM64_FILE:-} ]]; then
    need qemu-user-static
    check 'the image for arm64 has all libraries and runs' runs_arm64
  fi
  check 'deploy/image refuses an unknown option, with exit status 2' same 2 "$("$REPO/deploy/image" --no-such 2>/dev/null; echo $?)"
}
