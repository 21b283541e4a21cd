#!/bin/sh
# Installs, upgrades or removes Portal's agent on this host. The portal serves this file and prints the line that runs it; `--help` tells the rest.
# Nothing is changed before everything was checked, and the last line starts it all: a file that was cut off does nothing.
set -eu

LIB=/usr/lib/portal-agent
UNIT=/etc/systemd/system/portal-agent.service
LINK=/usr/bin/portal-agent
DATA=/var/lib/portal
RUN=/run/portal
NEEDED_KIB=1048576

usage() {
  cat <<'EOF'
Installs Portal's agent: the container engine of this host, and its link to a portal.

  install.sh --portal URL --token TOKEN [--pin sha256//KEY]   install or upgrade, and join
  install.sh --portal URL [--pin sha256//KEY]                 install or upgrade a host that has joined
  install.sh --archive FILE [--portal URL --token TOKEN]      take the agent from a file instead of from the portal
  install.sh --uninstall                                      remove the agent; containers run on, their data stays
  install.sh --uninstall --purge                              end all containers too, and remove everything

  --token-file FILE   reads the token from a file, so that no process list shows it
  --trust system      the portal's certificate is one that this host's authorities stand behind (a proxy's that is renewed every few weeks): the
                      agent goes by them instead of by the one certificate; a host that has joined does so from now on
  --ca FILE           the same with the authorities in this PEM file and no others
  --pin sha256//KEY   SHA-256 of the portal's public key, in base64, as curl(1) takes it: needed unless the host trusts the portal's certificate
  --dry-run           checks, says what it would do, and changes nothing
EOF
}

say() { printf '%s\n' "portal-agent: $*"; }
warn() { printf '%s\n' "portal-agent: $*" >&2; }
die() { warn "$*"; exit 1; }

portal='' token='' pin='' trust='' ca='' archive='' dry='' uninstall='' purge=''
read_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --portal | --token | --token-file | --pin | --trust | --ca | --archive)
        [ $# -ge 2 ] || die "$1 needs a value (--help tells more)"
        case $1 in
          --portal) portal=${2%/} ;;
          --token) token=$2 ;;
          --token-file) token=$(cat -- "$2") || die "the token can't be read from '$2'" ;;
          --pin) pin=$2 ;;
          --trust) trust=$2 ;;
          --ca) ca=$2 ;;
          --archive) archive=$2 ;;
        esac
        shift 2 ;;
      --dry-run) dry=1; shift ;;
      --uninstall) uninstall=1; shift ;;
      --purge) purge=1; shift ;;
      -h | --help) usage; exit 0 ;;
      *) die "there is no option '$1' (--help lists them)" ;;
    esac
  done
  [ -z "$purge" ] || [ -n "$uninstall" ] || die "--purge goes with --uninstall"
  [ -n "$uninstall" ] || [ -n "$portal$archive" ] || die "say where the portal is with --portal URL (--help tells more)"
  case $portal in
    '' | https://?* | http://127.0.0.1:* | http://localhost:* | "http://[::1]:"*) ;;
    *) die "'$portal' must begin with https://: over plain http others could change what is installed here" ;;
  esac
  case $portal in *[!A-Za-z0-9:/._~%\[\]-]*) die "'$portal' is no portal's address" ;; esac
  case $pin in '' | sha256//?*) ;; *) die "'$pin' is no pin; one begins with sha256//" ;; esac
  case $trust in '' | system | pin) ;; *) die "'$trust' is nothing to trust; 'system' and 'pin' are" ;; esac
  [ -z "$ca" ] || [ -z "$trust" ] || die "--ca says what to trust already: leave --trust out"
  [ "$trust" != pin ] || trust=
  # Both at once would be the weaker of two checks for the agent and the stronger one for this script: say which is meant.
  [ -z "$pin" ] || [ -z "$trust$ca" ] || die "--pin goes by one certificate, --trust system and --ca by authorities: give one of them"
  [ -z "$trust$ca" ] || case $portal in https://*) ;; *) die "--trust system and --ca go with an address that begins with https://" ;; esac
  case $token in '' | pjt_*) ;; *) die "that is no join token: it begins with pjt_" ;; esac
  [ -z "$token" ] || [ -n "$portal" ] || die "--token goes with --portal"
}

# Every problem is told, not only the first.
problems=0
problem() { warn "problem: $*"; problems=$((problems + 1)); }

has() { command -v "$1" >/dev/null 2>&1; }

# What each family of distributions calls what the engine needs; libraries have other names from release to release, so they are found by file.
PACKAGES_debian='runc crun conmon iproute2 nftables libnftables1 libzstd1 liblzma5 libbz2-1.0 libssl3 procps git openssh-client ca-certificates tini busybox-static'
PACKAGES_fedora='runc crun conmon iproute nftables libzstd xz-libs bzip2-libs openssl-libs procps-ng git-core openssh-clients ca-certificates busybox'

read_system() {
  id='' id_like='' pretty=''
  if [ -r /etc/os-release ]; then
    # Read, not sourced: it is data.
    id=$(sed -n 's/^ID=//p' /etc/os-release | tr -d '"' | head -n 1)
    id_like=$(sed -n 's/^ID_LIKE=//p' /etc/os-release | tr -d '"' | head -n 1)
    pretty=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release | tr -d '"' | head -n 1)
  fi
  family=
  for word in $id $id_like; do
    case $word in
      debian | ubuntu) family=debian ;;
      fedora | rhel | centos) family=fedora ;;
      *) continue ;;
    esac
    break
  done
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) arch= ;;
  esac
}

# Sets missing to the packages to install.
find_missing() {
  missing=
  case $family in
    debian)
      for package in $PACKAGES_debian; do
        # A library whose name carries a suffix since 64-bit time (libssl3t64) provides the old name.
        dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
      done ;;
    fedora)
      for package in $PACKAGES_fedora; do
        rpm -q --quiet --whatprovides "$package" 2>/dev/null || missing="$missing $package"
      done ;;
    *)
      for program in runc conmon ip nft git; do has "$program" || missing="$missing $program"; done ;;
  esac
  missing=${missing# }
}

check_system() {
  [ "$(id -u)" = 0 ] || problem "this must run as root: put sudo before sh"
  [ -n "$arch" ] || problem "this machine is a $(uname -m); the agent is there for x86_64 and aarch64"
  [ "$(uname -s)" = Linux ] || problem "this is no Linux"
  if ! [ -d /run/systemd/system ]; then problem "systemd does not run here, and the agent is a service of it"; fi
  # musl's loader; .NET's programs here are linked with glibc.
  for loader in /lib/ld-musl-*; do [ ! -e "$loader" ] || [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ] ||
    problem "this system has musl instead of glibc, which the agent needs"; done
  kernel=$(uname -r)
  major=${kernel%%.*} minor=${kernel#*.}
  minor=${minor%%[!0-9]*}
  if [ "$major" -lt 5 ] || { [ "$major" -eq 5 ] && [ "$minor" -lt 4 ]; }; then problem "the kernel is $kernel; the engine needs 5.4 or newer"; fi
  if ! grep -qw overlay /proc/filesystems; then
    { has modprobe && modprobe -n overlay 2>/dev/null; } || problem "the kernel has no overlayfs, on which containers' files lie"
  fi
  grep -q cgroup /proc/filesystems || problem "the kernel has no cgroups"
  free=$(df -Pk /var/lib | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$NEEDED_KIB" ] || problem "/var/lib has $((free / 1024)) MiB left; images need 1024 MiB to begin with"
  for program in tar gzip sha256sum sed awk grep; do has "$program" || problem "the program '$program' is missing"; done
  [ -n "$archive" ] || has curl || problem "curl is missing"
  [ -z "$archive" ] || [ -r "$archive" ] || problem "there is no file '$archive'"
  [ -z "$ca" ] || grep -q 'BEGIN CERTIFICATE' -- "$ca" 2>/dev/null || problem "'$ca' holds no certificate in PEM"
  find_missing
  if [ -n "$missing" ]; then
    case $family in
      debian) has apt-get || problem "apt-get is missing" ;;
      fedora) has dnf || problem "dnf is missing" ;;
      *) problem "this system (${pretty:-unknown}) is none that packages are known for; install these by hand and run this again: $missing" ;;
    esac
  fi
  joined=$(sed -n 's/.*"[Pp]ortalUrl": *"\([^"]*\)".*/\1/p' "$DATA/agent/identity.json" 2>/dev/null | head -n 1) || joined=
  if [ -n "$joined" ] && [ -n "$portal" ] && [ "$joined" != "$portal" ] && [ "$joined" != "$portal/" ]; then
    problem "this host is a node of $joined already; run 'portal-agent leave' first to join $portal"
  fi
  [ -n "$joined$token$archive" ] || problem "this host has not joined a portal: give the join token with --token"
  [ "$problems" -eq 0 ] || die "nothing was changed"
}

fetch() {
  # With a pin the key must be that one, whoever signed it; -k only spares the authorities, curl checks the pin all the same.
  if [ -n "$pin" ]; then set -- -k --pinnedpubkey "$pin" "$@"; fi
  if [ -n "$ca" ]; then set -- --cacert "$ca" "$@"; fi
  curl -fsS --proto '=https,http' --connect-timeout 20 --retry 3 "$@"
}

# Sets wanted to the checksum of the archive that the portal has for this machine.
find_wanted() {
  if [ -n "$archive" ]; then
    wanted=$(sha256sum <"$archive" | cut -d' ' -f1)
    return
  fi
  name=portal-agent-linux-$arch.tar.gz
  fetch --max-filesize 65536 -o "$work/SHA256SUMS" "$portal/install/SHA256SUMS" ||
    die "the portal at $portal did not give its checksums; curl says above why. Is the address right, and the pin that of this portal?"
  wanted=$(awk -v name="$name" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
  case $wanted in
    *[!0-9a-f]* | '') die "the portal at $portal has no agent for $(uname -m)" ;;
  esac
}

plan() {
  if [ -n "$missing" ]; then say "  install the packages: $missing"; fi
  installed=$(cat "$LIB/SHA256" 2>/dev/null) || installed=
  if [ "$installed" != "$wanted" ]; then
    say "  ${installed:+replace }${installed:-put} the agent in $LIB" | sed "s/replace [0-9a-f]*/replace/"
  fi
  say "  have systemd run it as portal-agent.service ($UNIT); its Docker API is on $RUN/docker.sock"
  [ -n "$joined" ] || [ -z "$token" ] || say "  make this host a node of $portal"
  [ -z "$joined" ] || say "  keep it a node of $joined"
  [ -z "$trust$ca" ] || say "  take the portal by the authorities ${ca:+in }${ca:-that this host trusts}, not by one certificate"
}

install_packages() {
  [ -n "$missing" ] || return 0
  say "installing $missing"
  # shellcheck disable=SC2086 # a list of names
  case $family in
    debian)
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$work/packages.log" 2>&1 ||
        { tail -n 20 "$work/packages.log" >&2; die "apt-get could not install the packages; its last words are above"; } ;;
    fedora)
      dnf install -y -q --setopt=install_weak_deps=False $missing >"$work/packages.log" 2>&1 ||
        { tail -n 20 "$work/packages.log" >&2; die "dnf could not install the packages; its last words are above"; } ;;
  esac
}

# Unpacks beside and renames: a host that loses power has the old agent or the new one.
install_files() {
  [ "$installed" != "$wanted" ] || return 0
  if [ -z "$archive" ]; then
    archive=$work/agent.tar.gz
    say "fetching the agent"
    fetch -o "$archive" "$portal/install/$name" || die "the agent could not be fetched from $portal; curl says above why"
  fi
  printf '%s  %s\n' "$wanted" "$archive" | sha256sum -c --quiet - || die "what came is not what the portal's checksums say: nothing was installed"
  rm -rf "$LIB.new"
  mkdir -p "$LIB.new"
  tar -xzf "$archive" -C "$LIB.new" --no-same-owner
  for file in agent/Portal.Agent dotnet/LICENSE.txt portal-agent.service purge.sh launch.sh BUILD; do
    [ -r "$LIB.new/$file" ] || die "the archive is not one of an agent: it has no $file"
  done
  "$LIB.new/agent/Portal.Agent" --version >/dev/null || die "the agent does not run on this host; its words are above"
  printf '%s\n' "$wanted" >"$LIB.new/SHA256"
  sync
  rm -rf "$LIB.old"
  [ ! -e "$LIB" ] || mv "$LIB" "$LIB.old"
  mv "$LIB.new" "$LIB"
  rm -rf "$LIB.old"
  changed=1
}

install_service() {
  ln -sfn "$LIB/agent/Portal.Agent" "$LINK"
  if ! cmp -s "$LIB/portal-agent.service" "$UNIT"; then
    cp "$LIB/portal-agent.service" "$UNIT.new"
    chmod 644 "$UNIT.new"
    mv "$UNIT.new" "$UNIT"
    changed=1
  fi
  systemctl daemon-reload
}

join() {
  # A file of authorities is given by its whole path, and neither it nor the word can be taken for another option.
  set --
  if [ -n "$trust" ]; then set -- --trust "$trust"; elif [ -n "$ca" ]; then set -- --ca "$(readlink -f -- "$ca")"; fi
  if [ -n "$joined" ]; then
    [ $# -eq 0 ] || "$LINK" trust "$@" || die "the portal does not pass: this node goes by what it went by before"
    return 0
  fi
  [ -n "$token" ] || return 0
  (umask 077; printf '%s' "$token" >"$work/token")
  "$LINK" join "$portal" --token-file "$work/token" "$@" || die "this host could not join; the agent is installed but does not run"
}

start() {
  systemctl enable --quiet portal-agent.service
  if [ -n "$changed" ]; then systemctl restart portal-agent.service; else systemctl start portal-agent.service; fi ||
    die "the agent does not start: journalctl -u portal-agent"
  waited=0
  until "$LINK" status --quiet; do
    waited=$((waited + 1))
    if [ "$waited" -ge 30 ] || [ -z "$token$joined" ]; then break; fi
    sleep 1
  done
  "$LINK" status || [ -z "$token$joined" ] || die "the agent runs, but its link does not stand yet; it goes on trying"
}

remove() {
  [ "$(id -u)" = 0 ] || die "this must run as root: put sudo before sh"
  if [ -x /usr/bin/dpkg-query ] && dpkg-query -W -f '${Status}' portal-agent 2>/dev/null | grep -q '^install ok installed'; then
    die "the agent was installed as a package: apt-get remove portal-agent, or purge"
  fi
  say "this will:"
  [ -z "$purge" ] || say "  end and remove all containers of this host's engine"
  say "  stop the agent and remove $LIB, $LINK and its unit"
  if [ -n "$purge" ]; then say "  remove images, volumes and the node's identity from $DATA"; else say "  leave containers running, and $DATA as it is"; fi
  [ -z "$dry" ] || exit 0
  systemctl disable --now --quiet portal-agent.service 2>/dev/null || true
  if [ -n "$purge" ]; then sh "$LIB/purge.sh"; fi
  rm -rf "$UNIT" "$LINK" "$LIB" "$LIB.new" "$LIB.old" "$DATA/agent/versions"
  systemctl daemon-reload
  if [ -n "$purge" ]; then say "nothing of the agent is left"; else say "the agent is gone; installing it again finds its containers"; fi
}

main() {
  read_arguments "$@"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' INT TERM HUP
  if [ -n "$uninstall" ]; then remove; return; fi
  read_system
  check_system
  find_wanted
  say "on ${pretty:-this host} ($(uname -m), kernel $kernel) this will:"
  plan
  [ -z "$dry" ] || { say "nothing was changed (--dry-run)"; return; }
  changed=
  install_packages
  install_files
  install_service
  join
  start
}

main "$@"
