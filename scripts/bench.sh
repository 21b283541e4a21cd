# ./portal bench [containers|images|builds|networks|fleet]... [--smoke|--alone]: this engine beside dockerd and podman. Writes bench/results*.json and
# docs/benchmarks.md. --alone leaves the others out and writes under artifacts/ only.

smoke=() areas=()
for argument in "$@"; do
  case "$argument" in
    containers | images | builds | networks | fleet) areas+=("$argument") ;;
    --smoke | --alone) smoke=("$argument") ;;
    *) die "there is no benchmark area '$argument'; there are: containers, images, builds, networks, fleet" ;;
  esac
done
[ ${#areas[@]} -gt 0 ] || areas=(containers images builds networks fleet)
need_root "the benchmarks"
install_packages "${PACKAGES_RUN[@]}" skopeo docker-registry iperf3
# A smoke run measures the peers that are there; a real one brings them.
[ ${#smoke[@]} -gt 0 ] || install_packages "${PACKAGES_PEERS[@]}"
command -v docker >/dev/null || install_packages docker.io
build_release
for area in "${areas[@]}"; do
  page=(--page "$PORTAL_HOME/docs/benchmarks.md") results=$PORTAL_HOME/bench/results.json
  [ "$area" = containers ] || results=$PORTAL_HOME/bench/results-$area.json
  [ ${#smoke[@]} -eq 0 ] || { page=(); results=${PORTAL_BENCH_RESULTS:-$PORTAL_HOME/artifacts/bench-smoke-$area.json}; }
  bound=() fleet=()
  if [ "$area" = fleet ]; then
    dotnet build "$PORTAL_HOME/tests/Portal.Simulation" -c Release -v q -nologo "${COMPILER_SERVER[@]}" -clp:NoSummary ||
      die "the simulation of nodes does not build; see above"
    dotnet build "$PORTAL_HOME/bench/Portal.Bench" -c Release -v q -nologo "${COMPILER_SERVER[@]}" -clp:NoSummary || die "the benchmarks do not build; see above"
    end_compiler
    # PostgreSQL, the portal and all nodes share two processors.
    bound=(taskset -c "${PORTAL_BENCH_CPUS:-0,1}")
    fleet=(--web "$RELEASE/web/Portal.Web.dll" --simulation "$PORTAL_HOME/tests/Portal.Simulation/bin/Release/net10.0/Portal.Simulation.dll")
  fi
  "${bound[@]}" dotnet run --project "$PORTAL_HOME/bench/Portal.Bench" -c Release -v q -- --area "$area" --agent "$RELEASE/agent/Portal.Agent.dll" \
    --results "$results" "${page[@]}" "${smoke[@]}" "${fleet[@]}"
done
