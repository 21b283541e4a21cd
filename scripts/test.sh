# ./portal test [AREA...]: installs what the tests need, builds, runs, and ends with one line over all of them.

# Areas and the projects in them.
declare -A AREAS=(
  [architecture]="Portal.Architecture.Tests"
  [grpc]="Portal.Grpc.Tests"
  [engine]="Portal.Engine.Tests Portal.Engine.Linux.Tests"
  [api]="Portal.Engine.Api.Tests"
  [agent]="Portal.Agent.Tests"
  [link]="Portal.Link.Tests"
  [data]="Portal.Data.Tests"
  [compose]="Portal.Compose.Tests"
  [web]="Portal.Web.Tests"
  [e2e]="Portal.E2E.Tests"
  [clients]="Portal.Clients.Tests"
  [crun]="Portal.Engine.Linux.Tests Portal.Engine.Api.Tests"
  [runc]="Portal.Engine.Linux.Tests Portal.Engine.Api.Tests"
  [vm]="Portal.Engine.Tests Portal.Engine.Linux.Tests"
  [survival]="Portal.Engine.Linux.Tests Portal.Agent.Tests"
  [peers]="Portal.Peers.Tests"
  [presence]="Portal.Link.Tests"
  [overlay]="Portal.Link.Tests"
  [upgrades]="Portal.Link.Tests"
  [ha]="Portal.Link.Tests"
  [spread]="Portal.Link.Tests"
  [releases]="Portal.Link.Tests"
  [deployments]="Portal.Web.Tests Portal.Link.Tests"
  [shipping]="Portal.Shipping.Tests"
  [soak]="Portal.E2E.Tests"
)
# What runs when no area is named, and what runs only when it is.
DEFAULT_ORDER=(architecture grpc data compose engine api agent link web e2e)
NAMED_ONLY=(clients peers presence overlay spread ha upgrades releases soak shipping survival deployments crun runc vm)

if [ "${1:-}" = --list ]; then
  for area in "${DEFAULT_ORDER[@]}" "${NAMED_ONLY[@]}"; do printf '%-14s%s\n' "$area" "${AREAS[$area]}"; done
  exit 0
fi
[ $# -gt 0 ] || set -- "${DEFAULT_ORDER[@]}"
for area in "$@"; do
  [ -n "${AREAS[$area]:-}" ] || die "there is no test area '$area'. The areas are: ${DEFAULT_ORDER[*]} ${NAMED_ONLY[*]}"
done

need_root "the tests"
need_dotnet
install_packages "${PACKAGES_RUN[@]}" "${PACKAGES_TEST[@]}"
case " $* " in *" clients "* | *" compose "*) install_packages "${PACKAGES_CLIENTS[@]}" ;; esac
case " $* " in *" vm "*) install_packages "${PACKAGES_VM[@]}" ;; esac
case " $* " in *" shipping "*) install_packages "${PACKAGES_SHIPPING[@]}" ;; esac
case " $* " in *" peers "*) install_packages "${PACKAGES_PEERS[@]}" ;; esac
# Debian's docker.io brings a daemon along; only its client is used here, and only where there is none.
command -v docker >/dev/null || install_packages docker.io

results=$(mktemp -d) vm_work=
trap '[ -z "$vm_work" ] || vm_stop "$vm_work"; rm -rf "$results" ${vm_work:+"$vm_work"}' EXIT
cd "$PORTAL_HOME"

# The virtual machine takes its two projects along, and nothing else.
targets=(Portal.sln)
[ "$*" != vm ] || read -ra targets <<<"$(printf 'tests/%s ' ${AREAS[vm]})"
build() {
  local target
  for target in "$@"; do dotnet build "$target" -c Release "${COMPILER_SERVER[@]}" -v q -nologo || return; done
}
say "building"
if ! build "${targets[@]}" >"$results/build.log" 2>&1; then
  grep -E 'error' "$results/build.log" | sort -u | head -n 40 || tail -n 40 "$results/build.log"
  end_compiler
  die "the build failed; see above"
fi
end_compiler

# Adds up one run's counts from the results file that the runner wrote. A run that wrote none has crashed: one failure.
passed=0 failed=0 skipped=0
count() {
  local label=$1 status=$2 file=$results/$1.trx line value
  if [ ! -s "$file" ]; then
    failed=$((failed + 1))
    warn "$label ended without results (exit status $status)"
    return
  fi
  line=$(grep -o '<Counters [^>]*>' "$file" | head -n 1)
  attribute() { value=$(printf '%s' "$line" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'); printf '%s' "${value:-0}"; }
  local run_passed run_total run_executed run_failed
  run_passed=$(attribute passed)
  run_total=$(attribute total)
  run_executed=$(attribute executed)
  run_failed=$((run_executed - run_passed))
  if [ "$status" -ne 0 ] && [ "$run_failed" -eq 0 ]; then
    run_failed=1
    warn "$label ended with exit status $status although no test failed"
  fi
  passed=$((passed + run_passed)) failed=$((failed + run_failed)) skipped=$((skipped + run_total - run_executed))
}

# Shows how a run ended: one line, or names, messages and stack traces of what failed, not the whole chatter.
show() {
  local status=$1 log=$2
  if [ "$status" -eq 0 ]; then
    grep -E '^(Passed!|Total tests)' "$log" || true
  else
    grep -vE '^(  Passed |Test run for|A total of|VSTest|Starting test|Results File)' "$log" | head -n 400
  fi
}

# run_project LABEL PROJECT [WORDS...] [-- OPTIONS...]: runs a project's tests here, with words before the command and options after it.
# No test may take longer than $hang, which is longer where the tests' own deadlines are.
whole=${PORTAL_TEST_PATIENCE:-1} whole=${whole%%.*}
hang=$((5 * (${whole:-1} > 1 ? ${whole:-1} : 1)))min
run_project() {
  local label=$1 project=$2 started=$SECONDS status=0 before=()
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do before+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  say "testing $label"
  # A test that hangs is a failure too: its name is reported, and the run goes on.
  "${before[@]}" dotnet test "tests/$project/$project.csproj" -c Release --no-build -nologo -v q \
    --logger "trx;LogFileName=$results/$label.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout "$hang" --blame-hang-dump-type none --results-directory "$results/$label" "$@" \
    </dev/null >"$results/$label.log" 2>&1 || status=$?
  show "$status" "$results/$label.log"
  count "$label" "$status"
  say "$label took $((SECONDS - started)) s"
}

for area in "$@"; do
  case "$area" in
    vm) . "$PORTAL_HOME/scripts/vm.sh" && run_vm ${AREAS[vm]} ;;
    # With one of the runtimes throughout, where the others take what an engine chooses.
    crun | runc) for project in ${AREAS[$area]}; do run_project "$project.$area" "$project" env PORTAL_TEST_RUNTIME="$area"; done ;;
    # Tests that kill over and over take a minute or two, here as among the others; PORTAL_TEST_LONG=1 makes hours of them.
    survival)
      for project in ${AREAS[survival]}; do hang=3h run_project "$project.survival" "$project" -- --filter Area=survival; done
      # An engine over fakes, killed before each call that it makes.
      run_project Portal.Engine.Tests.kills Portal.Engine.Tests -- --filter Area=kills
      ;;
    # Portals and agents that die at every change of a deployment, more rounds than the default run has time for; and the way from a
    # push to containers with nothing of it a fake.
    deployments) for project in ${AREAS[deployments]}; do run_project "$project.deployments" "$project" -- --filter Area=deployments; done ;;
    # Agents with engines of their own on hosts of their own: a minute.
    overlay) run_project "${AREAS[overlay]}.overlay" "${AREAS[overlay]}" -- --filter Area=overlay ;;
    # A stack over three agents with engines of their own, through drains, losses and updates: some minutes.
    spread) hang=15min run_project "${AREAS[spread]}.spread" "${AREAS[spread]}" -- --filter Area=spread ;;
    # Agents with their launcher, upgraded to versions that work and to such that don't: each is given its time.
    upgrades) run_project "${AREAS[upgrades]}.upgrades" "${AREAS[upgrades]}" -- --filter Area=upgrades ;;
    # Two portals on one database behind Debian's nginx and Caddy, killed one after the other under load; PORTAL_TEST_LONG=1 goes on longer.
    ha) run_project "${AREAS[ha]}.ha" "${AREAS[ha]}" -- --filter 'Area=ha|FullyQualifiedName~Link.Tests.Portals' ;;
    # An earlier release beside this one and in its place: PORTAL_TEST_EARLIER names its revision.
    releases) . "$PORTAL_HOME/scripts/releases.sh" && releases_prepare && run_project "${AREAS[releases]}.releases" "${AREAS[releases]}" -- --filter Area=releases ;;
    web | link) run_project "${AREAS[$area]}" "${AREAS[$area]}" -- --filter 'Area!=deployments&Area!=overlay&Area!=spread&Area!=upgrades&Area!=ha&Area!=releases' ;;
    # A minute with all processors busy; among the others it is a few seconds.
    presence) for project in ${AREAS[presence]}; do run_project "$project.presence" "$project" env PORTAL_TEST_LONG=1 -- --filter Area=presence; done ;;
    # What its first test would build otherwise, which on a slow machine takes longer than a test may.
    e2e) build_release && run_project "${AREAS[e2e]}" "${AREAS[e2e]}" -- --filter 'Area!=soak' ;;
    # Pages that stay open through as many events as an hour has: ten minutes.
    soak) build_release && hang=30min run_project "${AREAS[soak]}.soak" "${AREAS[soak]}" -- --filter Area=soak ;;
    shipping) . "$PORTAL_HOME/scripts/shipping.sh" && shipping_prepare && run_project "${AREAS[shipping]}" "${AREAS[shipping]}" ;;
    *) for project in ${AREAS[$area]}; do run_project "$project" "$project"; done ;;
  esac
done

printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] || exit 1
[ "$passed" -gt 0 ] || die "no test ran"
