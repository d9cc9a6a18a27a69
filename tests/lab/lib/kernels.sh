# shellcheck shell=bash
# The kernels that the lab boots. Each name stands for a Debian suite, whose user-mode-linux or cloud kernel (cloud.sh) is taken. Sourced by `run`.
#
# KERNEL is the name, BOOT is uml or qemu, RELEASE is the kernel's own version. UML is the executable, and MODULES the root for modprobe.

declare -A KERNEL_SUITE=([uml]=bookworm [hardened]=bookworm [6.12]=trixie [7.2]=sid)

# emulate_for SCENARIO: takes the cloud kernel, because this scenario needs a kernel that describes its types.
emulate_for() {
  [[ -z $EMULATE && $KERNEL != hardened ]] || return 0
  EMULATE=yes KERNEL=${KERNEL/#uml/} KERNEL=${KERNEL:-hardened}
  echo "$1 needs a kernel that describes its types: the scenarios run on the cloud kernel of ${KERNEL_SUITE[$KERNEL]}"
}

# choose_kernel: user-mode-linux, if there is one and it boots on this processor. Otherwise the cloud kernel, and says so.
choose_kernel() {
  local asked=$KERNEL
  KERNEL=${KERNEL:-uml}
  SUITE=${KERNEL_SUITE[$KERNEL]}
  BOOT=qemu
  [[ $KERNEL != hardened && -z $EMULATE ]] || return 0
  if ! need_uml; then
    [[ $KERNEL != uml ]] || die "there is no user-mode-linux of $SUITE: see $ARTIFACTS/packages.log"
    echo "there is no user-mode-linux of $SUITE: the scenarios run on its cloud kernel"
  elif [[ $asked == uml ]] || uml_boots; then
    BOOT=uml
  elif [[ -z $asked ]] && ((MACHINES)); then
    echo "user-mode-linux $RELEASE cannot save the registers of this processor: the machines boot 7.2"
    KERNEL=7.2
    choose_kernel
  else
    echo "user-mode-linux $RELEASE cannot save the registers of this processor: the scenarios run on the cloud kernel of $SUITE"
    [[ -n $asked ]] || KERNEL=hardened FELL_BACK=1
  fi
}

# need_uml: the user-mode-linux of the suite, which is installed if it is the machine's own suite. Sets UML, UML_FILES and RELEASE.
need_uml() {
  local version
  if is_own_suite "$SUITE"; then
    KERNEL_TOOLS=(linux.uml:user-mode-linux) && need_packages
    UML=$(command -v linux.uml) UML_FILES=''
    RELEASE=$("$UML" --version)
    return
  fi
  version=$(suite_version "$SUITE" user-mode-linux) || return
  UML_FILES=$ARTIFACTS/uml-$KERNEL-$version UML=$UML_FILES/linux.uml
  # It does not start if the folder has moved.
  RELEASE=$("$UML" --version 2>/dev/null) && return
  KERNEL_TOOLS=(patchelf:patchelf) && need_packages
  rm -rf "$ARTIFACTS/uml-$KERNEL-"*
  suite_unpack "$SUITE" "$UML_FILES" user-mode-linux libc6 && patch_uml && RELEASE=$("$UML" --version)
}

# patch_uml: gives the executable the C library of its suite. The machine's own may be older, and is the one that the programs inside use.
patch_uml() {
  local loader
  loader=$(find "$UML_FILES" -name 'ld-linux-x86-64.so.2' -print -quit)
  cp "$UML_FILES/usr/bin/linux.uml" "$UML" && patchelf --set-interpreter "$loader" --set-rpath "$(dirname "$loader")" "$UML"
}

# uml_boots: 6.1 and 6.12 cannot save the registers of some processors, those with AVX-512.
uml_boots() {
  local folder output
  folder=$(mktemp -d /tmp/ipvs-lab.XXXXXX)
  output=$(TMPDIR=$folder HOME=$folder timeout 30 "$UML" mem=64M umid=try "uml_dir=$folder/" rootfstype=hostfs root=/dev/root ro init=/bin/true \
    con=null con0=fd:0,fd:1 quiet </dev/null 2>&1)
  rm -rf "$folder"
  [[ $output != *'set fp regs failed'* ]]
}

# need_both_kernels SCENARIO: for machines with different kernels, the oldest and the chosen one. Sets UML_OF and MODULES_OF, by the kernels' names.
need_both_kernels() {
  local name chosen=$KERNEL
  [[ $chosen != uml ]] || die "$1 needs a newer kernel beside 6.1: --kernel 7.2"
  for name in uml "$chosen"; do
    KERNEL=$name SUITE=${KERNEL_SUITE[$name]}
    need_uml || die "there is no user-mode-linux of $SUITE: see $ARTIFACTS/packages.log"
    uml_boots || die "user-mode-linux $RELEASE cannot save the registers of this processor, and $1 boots it"
    need_modules
    UML_OF[$name]=$UML MODULES_OF[$name]=$MODULES
  done
}

# need_kernel: prepares the files that the chosen kernel boots with.
need_kernel() { if [[ $BOOT == qemu ]]; then need_cloud; else need_modules; fi; }

# need_modules: modprobe needs the modules below lib/modules of some root, with an index.
need_modules() {
  local source=$UML_FILES/usr/lib/uml/modules/$RELEASE
  [[ -d $source ]] || die "no kernel modules in $source"
  MODULES=$ARTIFACTS/modules-$RELEASE
  [[ -e $MODULES/complete ]] && return
  mkdir -p "$MODULES/lib/modules"
  cp -r "$source" "$MODULES/lib/modules/" || die 'cannot copy the kernel modules'
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$MODULES" "$RELEASE" || die 'cannot index the kernel modules'
  touch "$MODULES/complete"
}

# kernel_words: prints the kernel's name for people.
kernel_words() {
  if [[ $BOOT == uml ]]; then echo "$RELEASE (user-mode-linux)"; else echo "$RELEASE (qemu)"; fi
}
