# Debian root file systems, made of Debian's own packages: for base images, and for the hosts of tests. They come from where debootstrap(8) takes
# them by itself, or from PORTAL_DEBIAN_MIRROR.

# debian_root FOLDER PACKAGES...: the smallest Debian with these packages, and without what only a person reads.
debian_root() {
  local root=$1 log names
  shift
  names=$(printf '%s,' "$@")
  log=$(mktemp)
  if ! debootstrap --variant=minbase --include="${names%,}" bookworm "$root" ${PORTAL_DEBIAN_MIRROR:+"$PORTAL_DEBIAN_MIRROR"} >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "debootstrap could not make a Debian in $root; its last words are above. Is ${PORTAL_DEBIAN_MIRROR:-its mirror} reachable? PORTAL_DEBIAN_MIRROR names another."
  fi
  rm -f "$log"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale} "$root"/var/log/*.log
}
