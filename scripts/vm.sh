# run_vm PROJECTS...: runs tests on cgroup version 2, in virtual machines with Debian's cloud kernel and a root file system made here.
# Each folder of tests has a machine of its own for each runtime; some machines run side by side. What takes long to make is kept under
# artifacts/vm, by a stamp of all that goes into it. Settings:
#   PORTAL_VM_RUNTIMES="crun runc"   the runtimes that are tried
#   PORTAL_VM_ONLY="crun.Stats"      only runs whose name has one of these words in it, in the order of the words
#   PORTAL_VM_FILTER="FullyQualifiedName~Cgroup"   only these tests
#   PORTAL_VM_SMALL=400              folders with fewer tests than that share a machine; with a filter, one machine is then enough
#   PORTAL_VM_MACHINES=2             how many machines run side by side; 3 GiB each
#   PORTAL_VM_PROCESSORS=1           how many processors each machine has, 2 if not said
#   PORTAL_VM_RESUME=1               what passed with these very tests is not run again, so that a run that was broken off goes on
#   PORTAL_VM_TIMEOUT=1h             how long one machine may take
#   PORTAL_VM_TCG=1                  leaves KVM alone
#   PORTAL_TEST_PATIENCE=40          the factor for the tests' deadlines, where others keep the host busy too; 10 in software, 2 with KVM
# While a machine runs, artifacts/vm/run.*/NAME/console tells how far it is; that of one whose tests fail is kept in artifacts/vm/logs.
# "socat -,raw,echo=0 UNIX:shell" in that folder is a shell inside, to see what a test waits for.

VM_HOME=$PORTAL_HOME/artifacts/vm
. "$PORTAL_HOME/scripts/vm/base.sh"

vm_kernel_package() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1; }

# Sets VM_BASE to the folder with kernel, initial RAM disk and root file system.
vm_prepare() {
  local kernel stamp work
  kernel=$(vm_kernel_package)
  [ -n "$kernel" ] || { apt-get update -qq; kernel=$(vm_kernel_package); }
  [ -n "$kernel" ] || die "apt knows no linux-image-cloud-amd64; the virtual machine runs Debian's cloud kernel. Is this Debian, and is its archive there?"
  stamp=$({ cat "$PORTAL_HOME/scripts/vm/base.sh" "$PORTAL_HOME/scripts/vm/init"; echo "$kernel ${PORTAL_DEBIAN_MIRROR:-}"; vm_packages; dotnet --list-sdks; dotnet --list-runtimes; } | sha256sum | cut -c1-16)
  VM_BASE=$VM_HOME/$stamp
  [ ! -e "$VM_BASE/complete" ] || return 0
  find "$VM_HOME" -mindepth 1 -maxdepth 1 -regextype posix-extended -regex '.*/[0-9a-f]{16}' -exec rm -rf {} +
  mkdir "$VM_BASE"
  work=$(mktemp -d "$VM_HOME/work.$$.XXXXXX")
  if ! (set -e; vm_make_base "$work" "$VM_BASE" "$kernel") >"$results/vm-base.log" 2>&1; then
    tail -n 30 "$results/vm-base.log" >&2
    rm -rf "$work"
    die "the virtual machine's root file system could not be made; the last words are above"
  fi
  rm -rf "$work"
  : >"$VM_BASE/complete"
}

# Says what each run of the tests is, "NAME PROJECT RUNTIME FOLDERS": the engine's logic once, what meets the kernel with each OCI runtime.
# A machine's start costs more than a minute, so what is small shares one. Those that take longest come first, so that no machine is left
# with one of them at the end.
VM_SMALL=${PORTAL_VM_SMALL:-16}
# What never starts a container: the runtime makes no difference to it.
VM_ANY_RUNTIME="Images Trees Snapshots Compression Storage"
vm_runs() {
  local project runtime word place name folders
  for project in "$@"; do
    if [ "$project" = Portal.Engine.Tests ]; then
      echo "1 $project.vm $project any $(vm_folders "$project" | sed 's/^[0-9]* //' | paste -sd, -)"
      continue
    fi
    for runtime in ${PORTAL_VM_RUNTIMES:-crun runc} any; do
      vm_folders "$project" | awk -v "small=$VM_SMALL" -v "head=$project.vm.$runtime" -v "tail=$project $runtime" -v "any= $VM_ANY_RUNTIME " '
        (index(any, " " $2 " ") > 0) != (tail ~ / any$/) { next }
        $1 >= small { print $1, head "." $2, tail, $2; next }
        { count += $1; folders = folders (folders ? "," : "") $2 }
        END { if (folders) print count, head ".Rest", tail, folders }'
    done
  done | sort -rn | while read -r _ name project runtime folders; do
    place=0
    for word in ${PORTAL_VM_ONLY:-.}; do
      case "$name" in *"$word"*) echo "$place $name $project $runtime $folders"; break ;; esac
      place=$((place + 1))
    done
  done | sort -sn | sed 's/^[0-9]* //'
}

# vm_folders PROJECT: its folders of tests, each with how many tests are in it.
vm_folders() {
  local folder count
  for folder in "$PORTAL_HOME/tests/$1"/*/; do
    count=$({ grep -rhoE --include='*.cs' '\[(Fact|InlineData|MemberData)' "$folder" || true; } | wc -l)
    [ "$count" -eq 0 ] || echo "$count $(basename "$folder")"
  done
}

# Confined and measured as a server's kernel is; what guards against a processor's leaks, or doubts its clock, only takes time here.
VM_KERNEL="apparmor=1 security=apparmor psi=1 mitigations=off tsc=reliable nowatchdog"

# vm_compile FOLDER: compiles the programs there ahead of time. In software emulation it is the compiler at run time that takes the time: the
# tests, what they test, and each engine that they start would be compiled over and over.
vm_compile() {
  local folder=$1 packages=${NUGET_PACKAGES:-$HOME/.nuget/packages} compiler shared file references=()
  vm_compiler() { compiler=$(find "$packages" -path '*/microsoft.netcore.app.crossgen2.*/tools/crossgen2' 2>/dev/null | sort -V | tail -n 1); }
  vm_compiler
  if [ -z "$compiler" ]; then
    # A project that is published ready to run brings the compiler along.
    dotnet restore "$PORTAL_HOME/src/Portal.Agent" --use-current-runtime -p:PublishReadyToRun=true -v q >"$results/vm-restore.log" 2>&1 || true
    vm_compiler
  fi
  [ -n "$compiler" ] || { warn "there is no crossgen2: the tests are compiled in the machines, which is slower"; return 0; }
  [ -x "$compiler" ] || chmod +x "$compiler"
  shared=$(dirname "$(readlink -f "$(command -v dotnet)")")/shared
  for file in "$shared"/*/"$(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \(10[^ ]*\) .*/\1/p' | tail -n 1)"; do references+=(-r "$file/*.dll"); done
  mkdir "$folder.compiled"
  # What is no program, or is compiled already, stays as it is.
  find "$folder" -maxdepth 1 -name '*.dll' -printf '%f\n' | xargs -P 2 -I NAME \
    sh -c '"$@" -o "$0.compiled/NAME" "$0/NAME" >/dev/null 2>&1 || rm -f "$0.compiled/NAME"' \
    "$folder" "$compiler" --targetos linux --targetarch x64 -O "${references[@]}" -r "$folder/*.dll"
  cp "$folder.compiled"/*.dll "$folder/"
  rm -rf "$folder.compiled"
}

# vm_boot NAME PROJECT RUNTIME FOLDERS: runs the tests of some folders in a machine; results come to $vm_work/NAME.
vm_boot() {
  local name=$1 project=$2 runtime=$3 work=$vm_work/$1 status=0 filter
  filter="FullyQualifiedName~$project.${4//,/.|FullyQualifiedName~$project.}."
  mkdir -p "$work/order" "$work/results"
  [ "$runtime" != any ] || runtime=
  [ -z "${PORTAL_VM_FILTER:-}" ] || filter="($filter)&($PORTAL_VM_FILTER)"
  cp "$PORTAL_HOME/scripts/vm/run" "$work/order/run"
  {
    printf 'export PORTAL_TEST_PATIENCE=%s PORTAL_TEST_RUNTIME=%s PORTAL_VM_HANG=%s\n' "$vm_patience" "$runtime" "$vm_hang"
    printf 'PORTAL_VM_NAME=%q PORTAL_VM_PROJECT=%q PORTAL_VM_FILTER=%q\n' "$name" "$project" "$filter"
  } >"$work/order/environment"
  vm_image "$work/order.ext4" "$work/order" 4M
  truncate -s 64M "$work/results.tar"

  # Nothing is written to the file systems that are kept: the machine's writes go to files that have no name. A socket's path has to be short.
  (cd "$work" && TMPDIR=$work exec timeout --foreground --kill-after=10 "${PORTAL_VM_TIMEOUT:-1h}" qemu-system-x86_64 "${vm_accelerator[@]}" -smp "$vm_processors" -m 3072 \
    -nodefaults -no-reboot -display none -serial "file:$work/console" -serial unix:shell,server=on,wait=off -nic none -device virtio-rng-pci \
    -kernel "$VM_BASE/vmlinuz" -initrd "$VM_BASE/initrd" -append "console=ttyS0 panic=-1 quiet no_timer_check $VM_KERNEL" \
    -drive "file=$VM_BASE/base.ext4,format=raw,if=virtio,snapshot=on" -drive "file=$vm_work/tests.ext4,format=raw,if=virtio,snapshot=on" \
    -drive "file=$work/order.ext4,format=raw,if=virtio,snapshot=on" -drive "file=$work/results.tar,format=raw,if=virtio" \
    </dev/null >"$work/qemu.log" 2>&1) &
  echo $! >"$work/pid"
  wait $! || status=$?
  rm -f "$work/pid"
  [ "$status" -eq 0 ] || echo "the virtual machine ended with exit status $status" >>"$work/console"
  tar -C "$work/results" -xf "$work/results.tar" 2>/dev/null || true
  rm -f "$work/results.tar" "$work/order.ext4"
}

# vm_stop FOLDER: ends the machines of a run that still run, as one that is broken off leaves them.
vm_stop() {
  local file
  for file in "$1"/*/pid; do
    # A number may be another process's by now.
    if [ -e "$file" ] && grep -qsF "$1/" "/proc/$(cat "$file")/cmdline"; then kill "$(cat "$file")" 2>/dev/null || true; fi
  done
}

# Removes what runs have left that were killed with no time to do it, their machines first.
vm_sweep() {
  local folder owner
  for folder in "$VM_HOME"/run.* "$VM_HOME"/work.*; do
    owner=${folder#"$VM_HOME"/*.} owner=${owner%%.*}
    [ -e "$folder" ] && ! kill -0 "$owner" 2>/dev/null || continue
    vm_stop "$folder"
    rm -rf "$folder"
  done
}

# vm_report NAME KEPT: counts a run's results and keeps them where they passed, its console where they did not.
vm_report() {
  local name=$1 kept=$2 work=$vm_work/$1 status
  status=$(cat "$work/results/status" 2>/dev/null) || status=1
  [ ! -e "$work/results/trx" ] || cp "$work/results/trx" "$results/$name.trx"
  say "tested $name in $(cat "$work/seconds") s"
  [ ! -e "$work/results/log" ] || show "$status" "$work/results/log"
  if [ "$status" -eq 0 ] && [ -e "$work/results/trx" ]; then
    mkdir -p "$kept"
    mv "$work/results/trx" "$kept/$name.trx"
  else
    mkdir -p "$VM_HOME/logs"
    cat "$work/console" "$work/qemu.log" >"$VM_HOME/logs/$name.log" 2>/dev/null || true
    warn "its console is in artifacts/vm/logs/$name.log; the last lines:"
    tail -n 15 "$VM_HOME/logs/$name.log" >&2
  fi
  count "$name" "$status"
  rm -rf "$work"
}

run_vm() {
  local project stamp kept name runtime folders ended machines most left started=$SECONDS
  mkdir -p "$VM_HOME"
  vm_sweep
  vm_prepare
  vm_work=$(mktemp -d "$VM_HOME/run.$$.XXXXXX")
  # A factor for all deadlines of the tests: software emulation is ten times slower than the processor itself, and then some.
  # A KVM on a processor that shows no virtualization is emulated itself, and gives up on instructions that this kernel uses.
  vm_accelerator=(-accel 'tcg,thread=multi' -cpu max) vm_patience=10
  if [ -w /dev/kvm ] && grep -qwE 'vmx|svm' /proc/cpuinfo && [ -z "${PORTAL_VM_TCG:-}" ]; then vm_accelerator=(-accel kvm -cpu host) vm_patience=2; fi
  vm_patience=${PORTAL_TEST_PATIENCE:-$vm_patience}
  vm_hang=$((vm_patience * 3 > 10 ? vm_patience * 3 : 10))
  mkdir "$vm_work/tests"
  for project in "$@"; do cp -a "$PORTAL_HOME/tests/$project/bin/Release/net10.0" "$vm_work/tests/$project"; done
  stamp=$(cd "$vm_work/tests" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
  kept=$VM_HOME/passed/$({ cat "$PORTAL_HOME/scripts/vm/run"; echo "$stamp $VM_BASE ${PORTAL_VM_FILTER:-}"; } | sha256sum | cut -c1-16)
  find "$VM_HOME/passed" -mindepth 1 -maxdepth 1 ! -path "$kept" -exec rm -rf {} + 2>/dev/null || true
  # Another run may go on with tests of its own, so each holds the image by a name in its own folder.
  if ! ln "$VM_HOME/tests.$stamp.ext4" "$vm_work/tests.ext4" 2>/dev/null; then
    rm -f "$VM_HOME"/tests.*.ext4
    for project in "$@"; do vm_compile "$vm_work/tests/$project"; done
    vm_image "$vm_work/tests.ext4" "$vm_work/tests" 512M
    ln -f "$vm_work/tests.ext4" "$VM_HOME/tests.$stamp.ext4"
  fi
  rm -rf "$vm_work/tests"

  # Each machine keeps its processors busy and takes 3 GiB of memory, of which the host is to keep some.
  vm_processors=${PORTAL_VM_PROCESSORS:-2}
  left=$(awk '/MemAvailable/ {print int($2 / 1048576 / 4)}' /proc/meminfo)
  most=$(($(nproc) / vm_processors < left ? $(nproc) / vm_processors : left))
  machines=${PORTAL_VM_MACHINES:-$((most > 0 ? most : 1))}
  vm_runs "$@" >"$vm_work/runs"
  say "booting Debian's cloud kernel (${vm_accelerator[1]%%,*}), $(wc -l <"$vm_work/runs") times, $machines at a time"
  declare -A vm_running=()
  while read -r name project runtime folders || [ ${#vm_running[@]} -gt 0 ]; do
    if [ -n "$name" ] && [ -n "${PORTAL_VM_RESUME:-}" ] && [ -e "$kept/$name.trx" ]; then
      cp "$kept/$name.trx" "$results/$name.trx"
      say "$name passed before"
      count "$name" 0
      continue
    fi
    while [ ${#vm_running[@]} -ge "$machines" ] || { [ -z "$name" ] && [ ${#vm_running[@]} -gt 0 ]; }; do
      wait -n -p ended "${!vm_running[@]}" || true
      vm_report "${vm_running[$ended]}" "$kept"
      unset "vm_running[$ended]"
    done
    [ -n "$name" ] || break
    (
      begun=$SECONDS
      vm_boot "$name" "$project" "$runtime" "$folders"
      echo $((SECONDS - begun)) >"$vm_work/$name/seconds"
    ) </dev/null &
    vm_running[$!]=$name
  done <"$vm_work/runs"
  say "the virtual machines took $((SECONDS - started)) s"
  rm -rf "$vm_work"
}
