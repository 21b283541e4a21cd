# ./portal bench [containers|images|builds|networks|fleet|ui]... [--smoke|--alone]: this engine beside dockerd and podman, and the portal alone. Writes bench/results.json and
# docs/benchmarks.md. --alone leaves the others out and writes under artifacts/ only.

smoke=() areas=()
for argument in "$@"; do
  case "$argument" in
    containers | images | builds | networks | fleet | ui) areas+=("$argument") ;;
    --smoke | --alone) smoke=("$argument") ;;
    *) die "there is no benchmark area '$argument'; there are: containers, images, builds, networks, fleet, ui" ;;
  esac
done
[ ${#areas[@]} -gt 0 ] || areas=(containers images builds networks fleet ui)
need_root "the benchmarks"
install_packages "${PACKAGES_RUN[@]}" skopeo docker-registry iperf3 chromium
# A smoke run measures the peers that are there; a real one brings them.
[ ${#smoke[@]} -gt 0 ] || install_packages "${PACKAGES_PEERS[@]}"
command -v docker >/dev/null || install_packages docker.io
build_release

# The suites have built these two with themselves.
if [ "${PORTAL_BENCH_BUILT:-}" != 1 ]; then
  for project in tests/Portal.Simulation bench/Portal.Bench; do
    dotnet build "$PORTAL_HOME/$project" -c Release -v q -nologo "${COMPILER_SERVER[@]}" -clp:NoSummary || { end_compiler; die "$project does not build; see above"; }
  done
  end_compiler
fi
for area in "${areas[@]}"; do
  page=(--page "$PORTAL_HOME/docs/benchmarks.md") results=$PORTAL_HOME/bench/results.json
  [ ${#smoke[@]} -eq 0 ] || { page=(); results=${PORTAL_BENCH_RESULTS:-$PORTAL_HOME/artifacts/bench-smoke.json}; }
  bound=() fleet=()
  if [ "$area" = fleet ]; then
    # PostgreSQL, the portal and all nodes share two processors.
    bound=(taskset -c "${PORTAL_BENCH_CPUS:-0,1}")
    fleet=(--web "$RELEASE/web/Portal.Web.dll" --simulation "$PORTAL_HOME/tests/Portal.Simulation/bin/Release/net10.0/Portal.Simulation.dll")
  fi
  "${bound[@]}" dotnet "$PORTAL_HOME/bench/Portal.Bench/bin/Release/net10.0/Portal.Bench.dll" --area "$area" --agent "$RELEASE/agent/Portal.Agent.dll" \
    --results "$results" "${page[@]}" "${smoke[@]}" "${fleet[@]}"
done
