# ./portal bench [containers] [--smoke]: this engine beside dockerd and podman. Writes bench/results.json and docs/benchmarks.md.

smoke=()
for argument in "$@"; do
  case "$argument" in
    containers) ;;
    --smoke) smoke=(--smoke) ;;
    *) die "there is no benchmark area '$argument'; there is: containers" ;;
  esac
done
need_root "the benchmarks"
install_packages "${PACKAGES_RUN[@]}" skopeo
# A smoke run measures the peers that are there; a real one brings them.
[ ${#smoke[@]} -gt 0 ] || install_packages docker.io podman iptables
command -v docker >/dev/null || install_packages docker.io
build_release
page=(--page "$PORTAL_HOME/docs/benchmarks.md") results=$PORTAL_HOME/bench/results.json
[ ${#smoke[@]} -eq 0 ] || { page=(); results=${PORTAL_BENCH_RESULTS:-$PORTAL_HOME/artifacts/bench-smoke.json}; }
exec dotnet run --project "$PORTAL_HOME/bench/Portal.Bench" -c Release -v q -- --agent "$RELEASE/agent/Portal.Agent.dll" \
  --results "$results" "${page[@]}" "${smoke[@]}"
