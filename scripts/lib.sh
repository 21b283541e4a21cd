# What the commands share: messages, packages, the build.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

# What an engine and a portal need on a host, and what the tests need besides.
PACKAGES_RUN=(procps runc crun conmon iproute2 nftables libnftables1 libzstd1 liblzma5 libbz2-1.0 postgresql busybox-static git openssh-client util-linux ca-certificates tini)
PACKAGES_TEST=(chromium nginx-light caddy iptables ufw firewalld openssh-server skopeo docker-registry jq apache2-utils strace socat systemd zstd xz-utils bzip2 xfsprogs btrfs-progs)
# Other people's clients of the Docker API.
PACKAGES_CLIENTS=(docker-compose python3-docker)
# The engines that others wrote, whose archives are exchanged.
PACKAGES_PEERS=(docker.io podman iptables)
# What makes hosts of packages, starts the product as others will, and judges what is shipped.
PACKAGES_SHIPPING=(debootstrap docker-compose shellcheck lintian)
# What builds and boots the virtual machine of cgroup version 2.
PACKAGES_VM=(qemu-system-x86 debootstrap e2fsprogs kmod)

# One compiler process serves all projects of a build, under a name of its own, and goes with it: nothing of a build stays behind.
COMPILER_ID=portal-build-$$
COMPILER_SERVER=(-p:UseSharedCompilation=true "-p:SharedCompilationId=$COMPILER_ID")
end_compiler() {
  pkill -f "VBCSCompiler.*-pipename:$COMPILER_ID" 2>/dev/null || true
  rm -f "${TMPDIR:-/tmp}/$COMPILER_ID"
}

say() { printf '%s\n' "portal: $*"; }
warn() { printf '%s\n' "portal: $*" >&2; }
die() { warn "$*"; exit 1; }

need_root() { [ "$(id -u)" -eq 0 ] || die "$1 needs root: it makes namespaces, mounts and bridges. Run it with sudo."; }

need_dotnet() {
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing. Install the package dotnet-sdk-10.0 (https://dot.net/download) and run this again."
  dotnet --list-sdks | grep -q '^10\.' || die "the .NET SDK found is not version 10 (dotnet --list-sdks). Install dotnet-sdk-10.0 and run this again."
}

# npm brings the dashboard's terminal and charts at build time. Where Node.js came from elsewhere, Debian's npm would not install.
command -v npm >/dev/null || PACKAGES_RUN+=(npm)

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'; }

# Installs those of the given packages that are missing. No package may start a service of its own meanwhile: the portal runs its
# own PostgreSQL, and a machine's port 80 or 5000 is not ours to take.
install_packages() {
  local missing=() package policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.d made=() folder
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "these packages are missing, and this is no Debian or Ubuntu where they could be installed: ${missing[*]}"
  need_root "installing packages"
  say "installing ${missing[*]}"
  if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"; made+=("$policy"); fi
  if ! installed postgresql; then
    folder=$cluster/portal.conf
    mkdir -p "$cluster"; printf 'create_main_cluster = false\n' >"$folder"; made+=("$folder")
  fi
  local log; log=$(mktemp)
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    [ ${#made[@]} -eq 0 ] || rm -f "${made[@]}"
    rm -f "$log"
    die "apt-get could not install ${missing[*]}; its last words are above. Mend that (is the network there? is another apt running?) and run this again."
  fi
  [ ${#made[@]} -eq 0 ] || rm -f "${made[@]}"
  rm -f "$log"
}

# A fingerprint of all that goes into the product: builds are kept under it, so that an unchanged tree is not built again and
# a running instance never has its files replaced under it.
source_stamp() {
  (cd "$PORTAL_HOME" && find src db/migrations deploy scripts/packaging.sh scripts/debs.sh Directory.Build.props Directory.Packages.props global.json \
    \( -name bin -o -name obj -o -name node_modules -o -path src/Portal.Web/wwwroot/lib \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
}

# shellcheck source=scripts/packaging.sh
. "$PORTAL_HOME/scripts/packaging.sh"

# Builds the portal and the agent in Release and sets RELEASE to the folder that holds web/, agent/, and downloads/ for other hosts.
build_release() {
  need_dotnet
  local stamp log root=$PORTAL_HOME/artifacts/release
  mkdir -p "$root"
  exec 8>"$root/.lock"
  flock 8
  stamp=$(source_stamp)
  RELEASE=$root/$stamp
  if [ ! -e "$RELEASE/complete" ]; then
    say "building (the first build takes a minute or two)"
    rm -rf "$RELEASE"
    log=$(mktemp)
    local project
    for project in Web Agent; do
      # Without the lock: the compiler's process outlives a build that was killed, and the next one would wait for it.
      # Compiled ahead of time: a start takes seconds less than with the just-in-time compiler alone.
      if ! dotnet publish "$PORTAL_HOME/src/Portal.$project" -c Release --use-current-runtime --self-contained false \
        -p:PublishReadyToRun=true "${COMPILER_SERVER[@]}" -v q -nologo -o "$RELEASE/${project,,}" >"$log" 2>&1 8>&-; then
        grep -E 'error|warn' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
        rm -rf "$RELEASE" "$log"
        end_compiler
        die "the build of Portal.$project failed; see above"
      fi
    done
    end_compiler
    rm -f "$log"
    pack_downloads "$RELEASE"
    : >"$RELEASE/complete"
    # Older builds go, except the few newest: an instance may still run from one.
    find "$root" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +5 | cut -d' ' -f2- | xargs -r rm -rf
  fi
  exec 8>&-
}
