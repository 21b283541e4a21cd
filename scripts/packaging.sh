# What of the product goes to other machines: archives for nodes, Debian packages, the files of images. All of them hold the same two kinds of
# folders: a program as `dotnet publish` wrote it, and beside it, in "dotnet", the runtime of the machine that built it.

# release_version: that of the sources.
release_version() { sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$PORTAL_HOME/Directory.Build.props"; }

# pack_runtime FOLDER: this machine's .NET runtime, without what only the SDK needs.
pack_runtime() {
  local root name version
  root=$(dirname "$(readlink -f "$(command -v dotnet)")")
  version=$(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \(10\.[0-9.]*\) .*/\1/p' | sort -V | tail -n 1)
  [ -n "$version" ] || die "dotnet --list-runtimes names no Microsoft.AspNetCore.App 10; install the package aspnetcore-runtime-10.0"
  mkdir -p "$1/shared"
  cp "$root/dotnet" "$root/LICENSE.txt" "$root/ThirdPartyNotices.txt" "$1/"
  mkdir -p "$1/host/fxr"
  cp -a "$root/host/fxr/$version" "$1/host/fxr/"
  for name in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    [ -d "$root/shared/$name/$version" ] || die "$root has no $name $version; install the packages of one version of the runtime"
    mkdir -p "$1/shared/$name"
    cp -a "$root/shared/$name/$version" "$1/shared/$name/"
  done
}

# Names as the portal serves them (AgentFiles.cs).
package_architecture() { case $(uname -m) in x86_64) echo x64 ;; aarch64) echo arm64 ;; *) die "there is no agent for $(uname -m)" ;; esac; }

# pack_archive FILE FOLDER: the same bytes for the same files, whoever packs them and when.
pack_archive() { tar -C "$2" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - . | gzip -n -4 >"$1"; }

# pack_agent FOLDER RELEASE: what an agent's host has under /usr/lib/portal-agent.
pack_agent() {
  mkdir -p "$1"
  cp -a "$2/agent" "$1/agent"
  rm -f "$1"/agent/*.xml
  pack_runtime "$1/dotnet"
  install -m 644 "$PORTAL_HOME/deploy/systemd/portal-agent.service" "$PORTAL_HOME/LICENSE" "$1/"
  install -m 755 "$PORTAL_HOME/deploy/agent/purge.sh" "$PORTAL_HOME/deploy/agent/launch.sh" "$1/"
  # What tells this agent from every other of its version: the portal offers nodes another one when theirs differs.
  printf '%s+%s\n' "$(release_version)" "$(cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)" >"$1.build"
  mv "$1.build" "$1/BUILD"
}

# pack_downloads RELEASE: what the portal gives to hosts that are to become nodes, in RELEASE/downloads.
pack_downloads() {
  local work out=$1/downloads name
  work=$(mktemp -d)
  mkdir -p "$out"
  name=portal-agent-linux-$(package_architecture).tar.gz
  (pack_agent "$work/agent" "$1" && pack_archive "$out/$name" "$work/agent") || { rm -rf "$work"; die "the agent's archive could not be packed; see above"; }
  rm -rf "$work"
  install -m 644 "$PORTAL_HOME/deploy/agent/install.sh" "$out/"
  (cd "$out" && sha256sum "$name" >SHA256SUMS)
}
