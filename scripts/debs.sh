# Debian packages of a release. Each brings its runtime along: what it was tested with is what it runs on, on any Debian or Ubuntu.

DEB_ENGINE='runc, conmon, iproute2, nftables, libnftables1, libzstd1, liblzma5, libbz2-1.0, procps, git, openssh-client, tini'
DEB_BOTH='libc6 (>= 2.34), libgcc-s1, libstdc++6, libssl3 | libssl3t64, zlib1g, ca-certificates'

# deb_control FOLDER NAME DEPENDS RECOMMENDS SUMMARY: DEBIAN/control, with the description from standard input.
deb_control() {
  local size
  size=$(du -sk --exclude=DEBIAN "$1" | cut -f1)
  {
    printf 'Package: %s\nVersion: %s\nArchitecture: %s\n' "$2" "$(release_version)" "$(dpkg --print-architecture)"
    printf 'Maintainer: Portal <portal@localhost>\nSection: admin\nPriority: optional\nInstalled-Size: %s\n' "$size"
    printf 'Depends: %s\nRecommends: %s\nDescription: %s\n' "$3" "$4" "$5"
    sed 's/^$/./; s/^/ /'
  } >"$1/DEBIAN/control"
}

# deb_documents FOLDER NAME: what Debian wants to read in every package, and the unit of the same name.
deb_documents() {
  local doc=$1/usr/share/doc/$2
  mkdir -p "$doc" "$1/lib/systemd/system"
  install -m 644 "$PORTAL_HOME/docs/operations.md" "$doc/"
  cat >"$doc/copyright" <<'TEXT'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: the authors of Portal
License: Apache-2.0
 On Debian systems the license is in /usr/share/common-licenses/Apache-2.0.

Files: usr/lib/*/dotnet/*
Copyright: .NET Foundation and Contributors
License: Expat
 Its text is in LICENSE.txt there.
TEXT
  printf '%s (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md of the sources.\n\n -- Portal <portal@localhost>  Thu, 01 Jan 1970 00:00:00 +0000\n' "$2" "$(release_version)" | gzip -n -9 >"$doc/changelog.gz"
  install -m 644 "$PORTAL_HOME/deploy/systemd/$2.service" "$1/lib/systemd/system/"
}

# deb_pack OUT FOLDER: checksums and modes, and the package.
deb_pack() {
  (cd "$2" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  chmod -R u=rwX,go=rX "$2"
  chmod 755 "$2"/DEBIAN/p*
  find "$2" -name '*.so' -exec chmod 644 {} +
  dpkg-deb --root-owner-group -Zgzip -z4 --build "$2" "$1" >/dev/null
}

make_agent_deb() {
  local root=$3/portal-agent files=$PORTAL_HOME/deploy/debian
  mkdir -p "$root/DEBIAN" "$root/usr/lib" "$root/usr/bin"
  pack_agent "$root/usr/lib/portal-agent" "$2"
  rm "$root/usr/lib/portal-agent"/{portal-agent.service,LICENSE,purge.sh}
  ln -s ../lib/portal-agent/agent/Portal.Agent "$root/usr/bin/portal-agent"
  deb_documents "$root" portal-agent
  install -m 755 "$files/portal-agent.postinst" "$root/DEBIAN/postinst"
  install -m 755 "$files/portal-agent.prerm" "$root/DEBIAN/prerm"
  # The package's files are gone when it is purged: what ends an engine stands in the script itself.
  sed -e "/^#PURGE#/{r $PORTAL_HOME/deploy/agent/purge.sh
    d}" "$files/portal-agent.postrm" >"$root/DEBIAN/postrm"
  deb_control "$root" portal-agent "$DEB_ENGINE, $DEB_BOTH" 'crun, busybox-static' 'container engine of a host, and its link to a portal' <<'TEXT'
Images, containers, networks and volumes, with Docker's API on a socket, and
driven by a portal through one outgoing connection. Containers run on while
the agent is stopped, upgraded or removed.
TEXT
  deb_pack "$1" "$root"
}

make_portal_deb() {
  local root=$3/portal files=$PORTAL_HOME/deploy/debian
  mkdir -p "$root/DEBIAN" "$root/usr/lib/portal" "$root/etc/portal"
  cp -a "$2/web" "$2/downloads" "$root/usr/lib/portal/"
  rm -f "$root"/usr/lib/portal/web/*.xml
  pack_runtime "$root/usr/lib/portal/dotnet"
  install -m 640 "$files/portal.env" "$root/etc/portal/"
  printf '/etc/portal/portal.env\n' >"$root/DEBIAN/conffiles"
  deb_documents "$root" portal
  install -m 755 "$files/portal.postinst" "$root/DEBIAN/postinst"
  install -m 755 "$files/portal.prerm" "$root/DEBIAN/prerm"
  install -m 755 "$files/portal.postrm" "$root/DEBIAN/postrm"
  deb_control "$root" portal "adduser, libicu72 | libicu74 | libicu70 | libicu76, $DEB_BOTH" postgresql 'dashboard and API of container hosts' <<'TEXT'
One dashboard for containers on one host or a thousand. It keeps what it knows
in PostgreSQL, and gives hosts the agent that makes them its nodes.
TEXT
  deb_pack "$1" "$root"
}

# make_debs FOLDER RELEASE
make_debs() {
  local work; work=$(mktemp -d)
  (make_agent_deb "$1" "$2" "$work" && make_portal_deb "$1" "$2" "$work") || { rm -rf "$work"; die "the packages could not be made; see above"; }
  rm -rf "$work"
}
