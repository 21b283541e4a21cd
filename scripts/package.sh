# ./portal package [FOLDER]: Debian packages of the portal and of the agent, by default in artifacts/packages.
. "$PORTAL_HOME/scripts/debs.sh"
need_dotnet
build_release
out=${1:-$PORTAL_HOME/artifacts/packages}
mkdir -p "$out"
make_debs "$out" "$RELEASE"
ls -l "$out"/*.deb
