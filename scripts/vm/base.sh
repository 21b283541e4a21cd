# The root file system, kernel and initial RAM disk of the tests' virtual machine. It is made anew when this file changes.

# What the host has installed for the tests, without what the engine's suites do without, and what a host has that runs .NET.
vm_packages() { printf '%s\n' "${PACKAGES_RUN[@]}" "${PACKAGES_TEST[@]}" apparmor kmod iptables nfs-kernel-server libicu72 libssl3 | grep -vxE 'postgresql|npm|chromium|docker.io'; }
# The compilers and templates of the SDK, which no test runs.
VM_DOTNET_WITHOUT=(packs templates library-packs 'sdk/*/Roslyn' 'sdk/*/FSharp' 'sdk/*/Sdks' 'sdk/*/Containers' 'sdk/*/DotnetTools')

# vm_image FILE FOLDER SIZE: an ext4 file system of a folder's files.
vm_image() { rm -f "$1"; mke2fs -q -t ext4 -E lazy_itable_init=1 -d "$2" "$1" "$3" >/dev/null; }

vm_make_base() {
  local work=$1 out=$2 root=$1/root version module file kernel=$3
  say "making the virtual machine's root file system (a few minutes, once)"
  debootstrap --variant=minbase bookworm "$root" ${PORTAL_DEBIAN_MIRROR:+"$PORTAL_DEBIAN_MIRROR"}
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends $(vm_packages)
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}
  printf 'nameserver 127.0.0.1\n' >"$root/etc/resolv.conf"
  printf '127.0.0.1 localhost portal-vm\n' >"$root/etc/hosts"
  mkdir -p "$root/tests" "$root/order" "$root/usr/share/dotnet"
  tar -C "$(dirname "$(readlink -f "$(command -v dotnet)")")" "${VM_DOTNET_WITHOUT[@]/#/--exclude=./}" -cf - . | tar -C "$root/usr/share/dotnet" -xf -
  ln -sf /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"

  # The kernel is taken out of its package: this host's own boot files are none of our business.
  (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$kernel")
  dpkg-deb -x "$work/$kernel"_*.deb "$work/kernel"
  version=$(basename "$work"/kernel/lib/modules/*)
  mkdir -p "$root/usr/lib/modules"
  cp -a "$work/kernel/lib/modules/$version" "$root/usr/lib/modules/"
  depmod -b "$root" "$version"
  cp "$work/kernel/boot/vmlinuz-$version" "$out/vmlinuz"

  mkdir -p "$work/initrd"/{bin,proc,sys,dev,root,modules}
  cp /bin/busybox "$work/initrd/bin/"
  install -m 755 "$PORTAL_HOME/scripts/vm/init" "$work/initrd/init"
  for module in virtio_pci virtio_blk virtio_rng; do
    modprobe -d "$root" -S "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
  done | awk '!seen[$0]++' >"$work/needed"
  while read -r file; do cp "$file" "$work/initrd/modules/"; basename "$file"; done <"$work/needed" >"$work/initrd/modules/order"
  (cd "$work/initrd" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$out/initrd"
  vm_image "$out/base.ext4" "$root" 6G
}
