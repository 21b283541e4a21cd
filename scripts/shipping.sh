# What the tests of area "shipping" need: the release, and the root file system of a host with systemd. Kept under artifacts/shipping by a stamp.
. "$PORTAL_HOME/scripts/debian.sh"
. "$PORTAL_HOME/scripts/debs.sh"

# What a host has before the agent comes, and what the agent needs of Debian, so that no test waits for a mirror.
SHIPPING_HOST_PACKAGES=(systemd systemd-sysv dbus curl kmod procps runc crun conmon iproute2 nftables libnftables1 libzstd1 liblzma5 libbz2-1.0
  libssl3 busybox-static git openssh-client ca-certificates tini libicu72 adduser postgresql)

# Sets what Workshop.cs reads.
shipping_prepare() {
  local home=$PORTAL_HOME/artifacts/shipping stamp work
  build_release
  stamp=$({ cat "$PORTAL_HOME/scripts/debian.sh"; echo "${PORTAL_DEBIAN_MIRROR:-} ${SHIPPING_HOST_PACKAGES[*]}"; } | sha256sum | cut -c1-16)
  mkdir -p "$home"
  if [ ! -e "$home/$stamp.tar" ]; then
    say "making the root file system of a host (a minute or two, once)"
    rm -f "$home"/*.tar
    work=$(mktemp -d "$home/work.XXXXXX")
    (debian_root "$work/root" "${SHIPPING_HOST_PACKAGES[@]}") || { rm -rf "$work"; exit 1; }
    tar -C "$work/root" --numeric-owner -cf "$home/$stamp.tar.new" .
    rm -rf "$work"
    mv "$home/$stamp.tar.new" "$home/$stamp.tar"
  fi
  if [ ! -e "$RELEASE/packages/complete" ]; then
    say "making the Debian packages"
    mkdir -p "$RELEASE/packages"
    make_debs "$RELEASE/packages" "$RELEASE"
    : >"$RELEASE/packages/complete"
  fi
  export PORTAL_TEST_PACKAGES=$RELEASE/packages
  export PORTAL_TEST_HOST_ROOT=$home/$stamp.tar PORTAL_TEST_RELEASE=$RELEASE PORTAL_TEST_SOURCES=$PORTAL_HOME
}
