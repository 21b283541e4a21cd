# ./portal bench [AREA]... [--smoke|--alone] [--rows TEXT]: this engine beside dockerd and podman, and the portal alone. `./portal bench --help` tells more.

bench_usage() {
  cat <<'EOF'
./portal bench [AREA]... [--smoke | --alone] [--rows TEXT]

This engine beside dockerd and podman, and the portal alone. Writes bench/results.json and docs/benchmarks.md, the section of each area anew.

  AREA         containers, images, builds, networks, fleet, ui; all of them when none is named
  --rows TEXT  only the rows with TEXT in their names, whatever its case, of containers, images, builds and networks ('run --rm', for example);
               PORTAL_BENCH_ROWS says the same
  --alone      this engine without the others
  --smoke      one round of each on this engine alone, to see that the harness works

With any of the last three nothing of what was written before is touched: the table is printed, and the results go to artifacts/ (or the file of
PORTAL_BENCH_RESULTS).
EOF
}

smoke=() areas=() rows=${PORTAL_BENCH_ROWS:-}
while [ $# -gt 0 ]; do
  case "$1" in
    containers | images | builds | networks | fleet | ui) areas+=("$1") ;;
    --smoke | --alone) smoke=("$1") ;;
    --rows)
      [ -n "${2:-}" ] || die "--rows wants a part of the rows' names"
      rows=$2
      shift
      ;;
    --help | -h)
      bench_usage
      return 0
      ;;
    *) die "there is no benchmark area '$1'; there are: containers, images, builds, networks, fleet, ui (see ./portal bench --help)" ;;
  esac
  shift
done
if [ -n "$rows" ]; then
  [ ${#areas[@]} -gt 0 ] || die "--rows wants an area: containers, images, builds or networks"
  for area in "${areas[@]}"; do
    case "$area" in fleet | ui) die "the area $area is measured as a whole: leave --rows and PORTAL_BENCH_ROWS out" ;; esac
  done
fi
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
  chosen=()
  [ -z "$rows" ] || chosen=(--rows "$rows")
  [ ${#smoke[@]} -eq 0 ] && [ -z "$rows" ] || { page=(); results=${PORTAL_BENCH_RESULTS:-$PORTAL_HOME/artifacts/bench-smoke.json}; }
  bound=() fleet=()
  if [ "$area" = fleet ]; then
    # PostgreSQL, the portal and all nodes share two processors.
    bound=(taskset -c "${PORTAL_BENCH_CPUS:-0,1}")
    fleet=(--web "$RELEASE/web/Portal.Web.dll" --simulation "$PORTAL_HOME/tests/Portal.Simulation/bin/Release/net10.0/Portal.Simulation.dll")
  fi
  "${bound[@]}" dotnet "$PORTAL_HOME/bench/Portal.Bench/bin/Release/net10.0/Portal.Bench.dll" --area "$area" --agent "$RELEASE/agent/Portal.Agent.dll" \
    --results "$results" "${page[@]}" "${smoke[@]}" "${chosen[@]}" "${fleet[@]}"
done
