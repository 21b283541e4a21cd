# ./portal agent ...: the agent alone, with the same settings as ./portal up.
[ $# -gt 0 ] || set -- --help
case "$1" in run) need_root "the agent"; install_packages "${PACKAGES_RUN[@]}" ;; esac
build_release
exec dotnet "$RELEASE/agent/Portal.Agent.dll" "$@"
