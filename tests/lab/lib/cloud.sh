# shellcheck shell=bash
# Debian's cloud kernel of a suite, under qemu with two processors: that of bookworm has the hardening of 2026. Its root is a memory file system in
# two archives. One has the tools for every scenario, and is made once. The other has the files of a run, at their paths on the host. Sourced by `run`.

CLOUD_IMAGE=linux-image-cloud-amd64
CLOUD_HOST_TOOLS=(qemu-system-x86_64:qemu-system-x86 cpio:cpio xz:xz-utils)
# The root contains every executable of these packages, so a scenario may call each of them.
CLOUD_TOOLS=(bash coreutils diffutils findutils grep iproute2 ipvsadm jq kmod mawk mount nftables procps sed tar util-linux)
# The kernel modules, or folders of them, for IPVS, a test bed, and the transfer of the results.
CLOUD_MODULES=(lib crypto drivers/virtio drivers/char/virtio_console drivers/net/{bonding,dummy,ifb,tun,veth}
  net/{802,8021q,bridge,core,ipv4,ipv6,llc,netfilter,packet,sched,sctp,tls,xfrm})

# need_cloud: sets RELEASE, CLOUD_KERNEL to the kernel, and CLOUD_ROOT to the first archive.
need_cloud() {
  KERNEL_TOOLS=("${CLOUD_HOST_TOOLS[@]}") && need_packages
  need_image
  need_root
  # The modules are where every Debian has them.
  MODULES=/
}

# need_image: unpacks the kernel's packages, unless they are there already.
need_image() {
  local version parts=()
  version=$(suite_version "$SUITE" "$CLOUD_IMAGE") || die "there is no $CLOUD_IMAGE of $SUITE: see $ARTIFACTS/packages.log"
  CLOUD_FILES=$ARTIFACTS/cloud-$KERNEL-$version
  find_image && return
  mapfile -t parts < <(image_parts "$CLOUD_IMAGE")
  rm -rf "$ARTIFACTS/cloud-$KERNEL-"*
  suite_unpack "$SUITE" "$CLOUD_FILES" "${parts[@]}" || die "cannot fetch ${parts[*]}: see $ARTIFACTS/packages.log"
  find_image || die "there is no kernel with IPVS in ${parts[*]}"
}

# image_parts PACKAGE: prints the packages with the kernel's files. The newer ones are split in several.
image_parts() {
  local part
  for part in $(suite_field "$SUITE" "$1" Depends | tr ',' '\n' | sed -nE 's/^ *(linux-(image|binary|modules|base)-[0-9][^ ]*).*/\1/p'); do
    echo "$part"
    image_parts "$part"
  done | sort -u
}

# find_image: finds the kernel and its modules, which are at the old places or below usr.
find_image() {
  local source kernel
  for source in "$CLOUD_FILES"/{usr/,}lib/modules/*; do
    for kernel in "$source/vmlinuz" "$CLOUD_FILES"/boot/vmlinuz-*; do
      [[ -s $kernel && -d $source/kernel && -n $(find "$source/kernel" -name 'ip_vs.ko*' -print -quit) ]] || continue
      CLOUD_KERNEL=$kernel CLOUD_SOURCE=$source RELEASE=$(basename "$source")
      return
    done
  done
  return 1
}

# need_root: makes the first archive. Its name depends on what goes into it.
need_root() {
  local key tree
  key=$({ dpkg-query -W "${CLOUD_TOOLS[@]}" libc6 && declare -f need_root copy_tools loaded_by_name copy_modules write_poweroff &&
    echo "$CLOUD_KERNEL ${CLOUD_MODULES[*]}"; } | sha256sum | cut -c 1-12)
  CLOUD_ROOT=$ARTIFACTS/root-$KERNEL-$key.cpio
  [[ -e $CLOUD_ROOT ]] && return
  echo "making the root of $RELEASE"
  rm -f "$ARTIFACTS/root-$KERNEL-"*
  tree=$(mktemp -d /tmp/ipvs-lab.XXXXXX)
  mkdir -p "$tree"/{dev,etc,proc,run,sys,usr/{bin,sbin,lib,lib64}} && mkdir -m 1777 "$tree/tmp"
  ln -s usr/{bin,sbin,lib,lib64} "$tree/"
  copy_tools "$tree"
  copy_modules "$tree"
  write_poweroff "$tree"
  archive "$tree" >"$CLOUD_ROOT.new" || die "cannot make the root of $RELEASE"
  mv "$CLOUD_ROOT.new" "$CLOUD_ROOT"
  rm -rf "$tree"
}

# copy_tools TREE: copies the tools and the libraries that they load.
copy_tools() {
  local files
  mapfile -t files < <(dpkg -L "${CLOUD_TOOLS[@]}" | grep -E '/s?bin/[^/]+$|/tc/[^/]+$' | sort -u)
  cp -L --parents "${files[@]}" "$1" || die 'cannot copy the tools'
  mapfile -t files < <({ ldd "${files[@]}" 2>/dev/null | sed -nE 's/.*[[:space:]](\/[^ ]*) \(0x.*/\1/p' && loaded_by_name; } | sed 's|^/lib|/usr/lib|' | sort -u)
  cp -L --parents "${files[@]}" "$1" || die 'cannot copy the libraries'
  # The names that Debian's alternatives give them.
  ln -sf bash "$1/usr/bin/sh" && ln -sf mawk "$1/usr/bin/awk"
}

# loaded_by_name: prints the libraries that no tool finds: OpenSSL, with which the daemon signs.
loaded_by_name() { PATH=$PATH:/usr/sbin:/sbin ldconfig -p | sed -nE 's/.*lib(ssl|crypto)\.so\.[0-9.]+ \(.*x86-64.* => (.*)/\2/p'; }

copy_modules() {
  local part file
  for part in "${CLOUD_MODULES[@]}"; do
    for file in "$CLOUD_SOURCE/kernel/$part"{,.ko,.ko.xz}; do # none of them is there if it is built in
      [[ -e $file ]] || continue
      mkdir -p "$1/lib/modules/$RELEASE/kernel/$(dirname "$part")"
      cp -r "$file" "$1/lib/modules/$RELEASE/kernel/$(dirname "$part")/" || die "cannot copy the kernel's modules: $part"
    done
  done
  # The emulator would need longer than the host.
  find "$1/lib/modules/" -name '*.ko.xz' -exec xz -d {} +
  cp "$CLOUD_SOURCE"/modules.{builtin,builtin.modinfo,order} "$1/lib/modules/$RELEASE/"
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$1" "$RELEASE" || die "cannot index the kernel's modules"
}

# write_poweroff TREE: there is no systemd to power off. The wait lets the last output leave the serial line.
write_poweroff() {
  printf '#!/bin/bash\nsleep 0.2\necho o >/proc/sysrq-trigger\n' >"$1/usr/sbin/poweroff"
  chmod +x "$1/usr/sbin/poweroff"
}

# archive FOLDER: prints an archive that the kernel can unpack.
archive() { (cd "$1" && find . -print0 | cpio -0 -o -H newc -R 0:0 --quiet); }

# cloud_machine SCENARIO: joins both archives, and sets CLOUD_COMMAND to the command that boots them. The run's folder comes back through a second port.
cloud_machine() {
  local files=("$LAB/lib" "$LAB/scenarios" "$REPO/deploy/keepalived" "$OUT/job" "$MACHINE/init" "$PROBE_FILE") file
  ! needs_keepalived "$1" || files+=("${KEEPALIVED[@]}")
  for file in "${DAEMON_FILE:-}" "${JUDGE_FILE:-}"; do [[ -z $file ]] || files+=("$file"); done
  mkdir "$MACHINE/root"
  # --parents keeps a path only if it has no dots.
  mapfile -t files < <(realpath -s "${files[@]}")
  cp -rL --parents "${files[@]}" "$MACHINE/root" || die "cannot make the machine's root"
  { cat "$CLOUD_ROOT" && archive "$MACHINE/root"; } >"$MACHINE/initrd" || die "cannot make the machine's root"
  # The emulator executes string instructions byte by byte, so the kernel must not fill and copy pages with them. The clock is the host's own
  # counter, so the kernel need not check it. Mitigations of processor bugs cost time and change no packet.
  local processors=(-smp 2)
  [[ -z $COUNTED ]] || processors=(-smp 1 -icount 'shift=0,sleep=off')
  CLOUD_COMMAND=(qemu-system-x86_64 -accel tcg -cpu "max,-erms,-fsrm" "${processors[@]}" -m 2048 -nodefaults -no-user-config -display none -no-reboot
    -kernel "$CLOUD_KERNEL" -initrd "$MACHINE/initrd"
    -append "rdinit=$MACHINE/init console=ttyS0 quiet panic=-1 tsc=reliable mitigations=off clearcpuid=rep_good"
    -serial stdio -device virtio-serial-pci -chardev "file,id=results,path=$MACHINE/results.tar" -device "virtserialport,chardev=results")
}

# cloud_results: unpacks the results into the run's folder.
cloud_results() { [[ ! -s $MACHINE/results.tar ]] || tar -x -C "$OUT" -f "$MACHINE/results.tar"; }
