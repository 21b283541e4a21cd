# image_context IMAGE FOLDER RELEASE: the folder that an image is built of.
image_context() {
  local files=$PORTAL_HOME/deploy/images
  mkdir -p "$2"
  case "$1" in
    portal) cp -a "$3/web" "$3/downloads" "$2/" && pack_runtime "$2/dotnet" && cp "$files/portal.Dockerfile" "$2/Dockerfile" ;;
    portal-agent)
      cp -a "$3/agent" "$2/" && pack_runtime "$2/dotnet" && cp "$files/agent-entry.sh" "$2/" && cp "$files/agent.Dockerfile" "$2/Dockerfile" ;;
    portal-postgres) cp "$files/postgres-entry.sh" "$2/" && cp "$files/postgres.Dockerfile" "$2/Dockerfile" ;;
  esac
}
