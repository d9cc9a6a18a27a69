# shellcheck shell=bash
# A bare Debian with systemd and the modules of the lab's kernel, made once, and the package to install. Sourced by `run`.

DEBIAN_PACKAGES=systemd,systemd-sysv,dbus,udev,kmod,iproute2,ipvsadm

# need_tools: installs the tools that make the tree and the package.
need_tools() {
  local package missing=()
  for package in mmdebstrap dpkg-dev xz-utils; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}

# need_tree: makes the tree and sets DEBIAN_TREE to its path. The name depends on what goes into it.
need_tree() {
  local key modules suite=${SETTINGS[DEBIAN]:-bookworm}
  key=$({ cat "$LAB"/guest/* && declare -f need_tree && echo "$suite $DEBIAN_PACKAGES $MODULES" "${MODULES_OF[@]}"; } | sha256sum | cut -c 1-12)
  DEBIAN_TREE=$ARTIFACTS/debian-$KERNEL-$key
  [[ -d $DEBIAN_TREE ]] && return
  rm -rf --one-file-system "$ARTIFACTS/debian-$KERNEL-"*
  echo "making a bare Debian $suite"
  mmdebstrap --variant=minbase --include="$DEBIAN_PACKAGES" "$suite" "$DEBIAN_TREE.new" >"$ARTIFACTS/mmdebstrap.log" 2>&1 ||
    { tail -n 5 "$ARTIFACTS/mmdebstrap.log" >&2 && die 'cannot make a bare Debian'; }
  mkdir -p "$DEBIAN_TREE.new/lib/modules" "$DEBIAN_TREE.new/lab"
  for modules in "$MODULES" "${MODULES_OF[@]}"; do
    cp -r "$modules"/lib/modules/* "$DEBIAN_TREE.new/lib/modules/" || die 'cannot copy the kernel modules'
  done
  cp "$LAB/guest/agent" "$DEBIAN_TREE.new/lab/"
  cp "$LAB/guest/lab-agent.service" "$DEBIAN_TREE.new/etc/systemd/system/"
  systemctl --quiet --root="$DEBIAN_TREE.new" enable lab-agent.service || die "cannot enable the lab's agent"
  mv "$DEBIAN_TREE.new" "$DEBIAN_TREE"
}

# need_package: packs this executable. Sets PACKAGE to the path, and PACKAGE_MS to the time that it took.
need_package() {
  local begin=${EPOCHREALTIME/./}
  "$REPO/deploy/package" --executable "$DAEMON_FILE" >"$ARTIFACTS/package.log" 2>&1 || { cat "$ARTIFACTS/package.log" >&2 && die 'cannot build the package'; }
  PACKAGE_MS=$(((${EPOCHREALTIME/./} - begin) / 1000))
  PACKAGE=$REPO/$(sed -n 's/\.deb  .*/.deb/p' "$ARTIFACTS/package.log")
  [[ -f $PACKAGE ]] || die 'deploy/package does not report a package'
}

need_debian() {
  need_tree
  need_package
}
