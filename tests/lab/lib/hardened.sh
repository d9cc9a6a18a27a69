# shellcheck shell=bash
# The second kernel: Debian's cloud kernel, which has the hardening of 2026, under qemu with two processors. Its root is a memory file system in
# two archives. One has the tools for every scenario, and is made once. The other has the files of a run, at their paths on the host. Sourced by `run`.

HARDENED_IMAGE=linux-image-cloud-amd64
HARDENED_HOST_TOOLS=(qemu-system-x86_64:qemu-system-x86 cpio:cpio)
# The root contains every executable of these packages, so a scenario may call each of them.
HARDENED_TOOLS=(bash coreutils diffutils findutils grep iproute2 ipvsadm kmod mawk mount nftables procps sed tar util-linux)
# The kernel modules, or folders of them, for IPVS, a test bed, and the transfer of the results.
HARDENED_MODULES=(lib crypto drivers/virtio drivers/char/virtio_console.ko drivers/net/{dummy,ifb,tun,veth}.ko
  net/{802,8021q,bridge,core,ipv4,ipv6,llc,netfilter,packet,sched,sctp,xfrm})

# need_hardened: sets HARDENED_KERNEL to the kernel, and HARDENED_ROOT to the first archive.
need_hardened() {
  need_image
  HARDENED_KERNEL=$(echo "$HARDENED_FILES"/boot/vmlinuz-*)
  need_root
  # The modules are where every Debian has them.
  MODULES=/
}

# need_image: unpacks the kernel's package without installing it, unless it is there already. Sets HARDENED_FILES to the folder.
need_image() {
  local image=() folder=$ARTIFACTS/hardened-image
  read -ra image < <(image_version) || { update_lists && read -ra image < <(image_version); } || die "apt knows no $HARDENED_IMAGE (apt-get update)"
  HARDENED_FILES=$folder-${image[1]}
  [[ -d $HARDENED_FILES ]] && return
  echo "fetching ${image[0]} ${image[1]}"
  rm -rf "$folder"*
  mkdir -p "$folder.new"
  fetch "${image[0]}" "$folder.new" || { update_lists && fetch "${image[0]}" "$folder.new"; } || die "cannot fetch ${image[0]}: see $ARTIFACTS/packages.log"
  dpkg-deb -x "$folder.new"/*.deb "$folder.new" || die "cannot unpack ${image[0]}"
  rm "$folder.new"/*.deb
  mv "$folder.new" "$HARDENED_FILES"
}

# image_version: prints the package of the newest such kernel, and its version.
image_version() {
  apt-cache show --no-all-versions "$HARDENED_IMAGE" 2>/dev/null |
    sed -nE 's/^Version: (.*)/\1/p; s/^Depends: (linux-image-[^ ,]*).*/\1/p' | paste -sd ' ' | awk 'NF == 2 { print $2, $1 }'
}

update_lists() { ((EUID == 0)) && apt-get update >>"$ARTIFACTS/packages.log" 2>&1; }

fetch() { (cd "$2" && apt-get download "$1") >>"$ARTIFACTS/packages.log" 2>&1; }

# need_root: makes the first archive. Its name depends on what goes into it.
need_root() {
  local key tree
  key=$({ dpkg-query -W "${HARDENED_TOOLS[@]}" libc6 && declare -f need_root copy_tools copy_modules write_poweroff &&
    echo "$HARDENED_KERNEL ${HARDENED_MODULES[*]}"; } | sha256sum | cut -c 1-12)
  HARDENED_ROOT=$ARTIFACTS/hardened-root-$key.cpio
  [[ -e $HARDENED_ROOT ]] && return
  echo 'making the root of the hardened kernel'
  rm -f "$ARTIFACTS"/hardened-root-*
  tree=$(mktemp -d /tmp/ipvs-lab.XXXXXX)
  mkdir -p "$tree"/{dev,etc,proc,run,sys,usr/{bin,sbin,lib,lib64}} && mkdir -m 1777 "$tree/tmp"
  ln -s usr/{bin,sbin,lib,lib64} "$tree/"
  copy_tools "$tree"
  copy_modules "$tree"
  write_poweroff "$tree"
  archive "$tree" >"$HARDENED_ROOT.new" || die 'cannot make the root of the hardened kernel'
  mv "$HARDENED_ROOT.new" "$HARDENED_ROOT"
  rm -rf "$tree"
}

# copy_tools TREE: copies the tools and the libraries that they load.
copy_tools() {
  local files
  mapfile -t files < <(dpkg -L "${HARDENED_TOOLS[@]}" | grep -E '/s?bin/[^/]+$|/tc/[^/]+$' | sort -u)
  cp -L --parents "${files[@]}" "$1" || die 'cannot copy the tools'
  mapfile -t files < <(ldd "${files[@]}" 2>/dev/null | sed -nE 's/.*[[:space:]](\/[^ ]*) \(0x.*/\1/p' | sed 's|^/lib|/usr/lib|' | sort -u)
  cp -L --parents "${files[@]}" "$1" || die 'cannot copy the libraries'
  # The names that Debian's alternatives give them.
  ln -sf bash "$1/usr/bin/sh" && ln -sf mawk "$1/usr/bin/awk"
}

copy_modules() {
  local source version part
  source=$(echo "$HARDENED_FILES"/lib/modules/*)
  version=$(basename "$source")
  for part in "${HARDENED_MODULES[@]}"; do
    [[ -e $source/kernel/$part ]] || continue # built in
    mkdir -p "$1/lib/modules/$version/kernel/$(dirname "$part")"
    cp -r "$source/kernel/$part" "$1/lib/modules/$version/kernel/$part" || die "cannot copy the kernel's modules: $part"
  done
  cp "$source"/modules.{builtin,builtin.modinfo,order} "$1/lib/modules/$version/"
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$1" "$version" || die "cannot index the kernel's modules"
}

# write_poweroff TREE: there is no systemd to power off. The wait lets the last output leave the serial line.
write_poweroff() {
  printf '#!/bin/bash\nsleep 0.2\necho o >/proc/sysrq-trigger\n' >"$1/usr/sbin/poweroff"
  chmod +x "$1/usr/sbin/poweroff"
}

# archive FOLDER: prints an archive that the kernel can unpack.
archive() { (cd "$1" && find . -print0 | cpio -0 -o -H newc -R 0:0 --quiet); }

# hardened_machine: joins both archives, and sets HARDENED_COMMAND to the command that boots them. The run's folder comes back through a second port.
hardened_machine() {
  local files=("$LAB/lib" "$LAB/scenarios" "$REPO/deploy/keepalived" "$OUT/job" "$MACHINE/init" "$PROBE_FILE") file
  for file in "${DAEMON_FILE:-}" "${JUDGE_FILE:-}"; do [[ -z $file ]] || files+=("$file"); done
  mkdir "$MACHINE/root"
  # --parents keeps a path only if it has no dots.
  mapfile -t files < <(realpath -s "${files[@]}")
  cp -rL --parents "${files[@]}" "$MACHINE/root" || die "cannot make the machine's root"
  { cat "$HARDENED_ROOT" && archive "$MACHINE/root"; } >"$MACHINE/initrd" || die "cannot make the machine's root"
  # The emulator executes string instructions byte by byte, so the kernel must not fill and copy pages with them. The clock is the host's own
  # counter, so the kernel need not check it. Mitigations of processor bugs cost time and change no packet.
  HARDENED_COMMAND=(qemu-system-x86_64 -accel tcg -cpu "max,-erms,-fsrm" -smp 2 -m 2048 -nodefaults -no-user-config -display none -no-reboot
    -kernel "$HARDENED_KERNEL" -initrd "$MACHINE/initrd"
    -append "rdinit=$MACHINE/init console=ttyS0 quiet panic=-1 tsc=reliable mitigations=off clearcpuid=rep_good"
    -serial stdio -device virtio-serial-pci -chardev "file,id=results,path=$MACHINE/results.tar" -device "virtserialport,chardev=results")
}

# hardened_results: unpacks the results into the run's folder.
hardened_results() { [[ ! -s $MACHINE/results.tar ]] || tar -x -C "$OUT" -f "$MACHINE/results.tar"; }
