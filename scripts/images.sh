# ./portal images: builds the images of portal, agent and PostgreSQL with the engine of DOCKER_HOST, on a base of Debian's own packages.
need_root "images"
need_dotnet
install_packages "${PACKAGES_RUN[@]}" debootstrap
command -v docker >/dev/null || install_packages docker.io
. "$PORTAL_HOME/scripts/debian.sh"
. "$PORTAL_HOME/scripts/image_contexts.sh"
: "${DOCKER_HOST:?names the engine that builds, such as unix:///run/portal/docker.sock}"
build_release
work=$(mktemp -d "${TMPDIR:-/var/tmp}/portal-images.XXXXXX")
trap 'rm -rf "$work"' EXIT
if ! docker image inspect portal-base >/dev/null 2>&1; then
  say "making the base image portal-base of Debian's packages"
  debian_root "$work/root" ca-certificates
  tar -C "$work/root" --numeric-owner -cf - . | docker import - portal-base
fi
for image in portal portal-agent portal-postgres; do
  say "building $image"
  image_context "$image" "$work/$image" "$RELEASE"
  DOCKER_BUILDKIT=0 docker build --quiet --build-arg BASE=portal-base --tag "$image" "$work/$image"
done
