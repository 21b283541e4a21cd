# run_vm PROJECTS...: runs tests on cgroup version 2, in a virtual machine with Debian's cloud kernel and a root file system made here.
# What takes long to make is kept under artifacts/vm, by a stamp of all that goes into it. PORTAL_VM_RUNTIMES="crun runc" are those that are
# tried, PORTAL_VM_FILTER="FullyQualifiedName~Cgroup" limits the tests, PORTAL_VM_TIMEOUT=2h is how long all may take, and
# PORTAL_VM_TCG=1 leaves KVM alone.

VM_HOME=$PORTAL_HOME/artifacts/vm
VM_MIRROR=${PORTAL_DEBIAN_MIRROR:-http://deb.debian.org/debian}
. "$PORTAL_HOME/scripts/vm/base.sh"

vm_kernel_package() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1; }

# Sets VM_BASE to the folder with kernel, initial RAM disk and root file system.
vm_prepare() {
  local kernel stamp work
  kernel=$(vm_kernel_package)
  [ -n "$kernel" ] || { apt-get update -qq; kernel=$(vm_kernel_package); }
  [ -n "$kernel" ] || die "apt knows no linux-image-cloud-amd64; the virtual machine runs Debian's cloud kernel. Is this Debian, and is its archive there?"
  stamp=$({ cat "$PORTAL_HOME/scripts/vm/base.sh" "$PORTAL_HOME/scripts/vm/init"; echo "$kernel $VM_MIRROR"; vm_packages; dotnet --list-sdks; dotnet --list-runtimes; } | sha256sum | cut -c1-16)
  VM_BASE=$VM_HOME/$stamp
  [ ! -e "$VM_BASE/complete" ] || return 0
  mkdir -p "$VM_HOME"
  find "$VM_HOME" -mindepth 1 -maxdepth 1 -name '????????????????' -exec rm -rf {} +
  mkdir "$VM_BASE"
  work=$(mktemp -d "$VM_HOME/work.XXXXXX")
  if ! (set -e; vm_make_base "$work" "$VM_BASE" "$kernel") >"$results/vm-base.log" 2>&1; then
    tail -n 30 "$results/vm-base.log" >&2
    rm -rf "$work"
    die "the virtual machine's root file system could not be made; the last words are above"
  fi
  rm -rf "$work"
  : >"$VM_BASE/complete"
}

# Says what each run of the tests is: the engine's logic once, what meets the kernel with each OCI runtime.
vm_runs() {
  local project runtime
  for project in "$@"; do
    if [ "$project" = Portal.Engine.Tests ]; then echo "$project.vm $project "; continue; fi
    for runtime in ${PORTAL_VM_RUNTIMES:-crun runc}; do echo "$project.vm.$runtime $project $runtime"; done
  done
}

run_vm() {
  local work label project runtime accelerator=(-accel 'tcg,thread=multi' -cpu max) patience=10 hang=30 started=$SECONDS status=0
  vm_prepare
  vm_work=$(mktemp -d "$VM_HOME/run.XXXXXX")
  work=$vm_work
  # A factor for all deadlines of the tests: software emulation is ten times slower than the processor itself, and then some.
  # A KVM on a processor that shows no virtualization is emulated itself, and gives up on instructions that this kernel uses.
  if [ -w /dev/kvm ] && grep -qwE 'vmx|svm' /proc/cpuinfo && [ -z "${PORTAL_VM_TCG:-}" ]; then accelerator=(-accel kvm -cpu host) patience=2 hang=10; fi
  mkdir "$work/tests"
  vm_runs "$@" >"$work/tests/runs"
  cp "$PORTAL_HOME/scripts/vm/run" "$work/tests/run"
  for project in "$@"; do cp -a "$PORTAL_HOME/tests/$project/bin/Release/net10.0" "$work/tests/$project"; done
  printf "export PORTAL_TEST_PATIENCE=%s PORTAL_VM_HANG=%s PORTAL_VM_FILTER=%q\n" "$patience" "$hang" "${PORTAL_VM_FILTER:-}" >"$work/tests/environment"
  vm_image "$work/tests.ext4" "$work/tests" 512M
  truncate -s 256M "$work/results.tar"

  say "booting Debian's cloud kernel (${accelerator[1]%%,*})"
  # Nothing is written to the root file system that is kept: the machine's writes go to a file that has no name.
  TMPDIR=$work timeout --foreground --kill-after=10 "${PORTAL_VM_TIMEOUT:-2h}" qemu-system-x86_64 "${accelerator[@]}" -smp 2 -m 3072 -nodefaults -no-reboot \
    -display none -serial "file:$work/console" -nic none -device virtio-rng-pci \
    -kernel "$VM_BASE/vmlinuz" -initrd "$VM_BASE/initrd" -append "console=ttyS0 panic=-1 quiet" \
    -drive "file=$VM_BASE/base.ext4,format=raw,if=virtio,snapshot=on" -drive "file=$work/tests.ext4,format=raw,if=virtio" \
    -drive "file=$work/results.tar,format=raw,if=virtio" </dev/null >"$work/qemu.log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || { warn "the virtual machine ended with exit status $status"; cat "$work/qemu.log" >&2; }
  tar -C "$results" -xf "$work/results.tar" 2>/dev/null || { warn "no results came out of the virtual machine; its console's last lines:"; tail -n 30 "$work/console" >&2; }
  while read -r label project runtime; do
    status=$(cat "$results/$label.status" 2>/dev/null) || status=1
    say "tested $label"
    [ ! -e "$results/$label.log" ] || show "$status" "$results/$label.log"
    count "$label" "$status"
  done <"$work/tests/runs"
  say "the virtual machine took $((SECONDS - started)) s"
  rm -rf "$work"
}
