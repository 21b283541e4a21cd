# ./portal test [AREA...]: installs what the tests need, builds, runs, and ends with one line over all of them.

# Areas and the projects in them. `default` is what runs when no area is named.
declare -A AREAS=(
  [architecture]="Portal.Architecture.Tests"
  [grpc]="Portal.Grpc.Tests"
  [engine]="Portal.Engine.Tests Portal.Engine.Linux.Tests"
  [api]="Portal.Engine.Api.Tests"
  [agent]="Portal.Agent.Tests"
  [link]="Portal.Link.Tests"
  [data]="Portal.Data.Tests"
  [web]="Portal.Web.Tests"
  [e2e]="Portal.E2E.Tests"
)
DEFAULT_ORDER=(architecture grpc data engine api agent link web e2e)

if [ "${1:-}" = --list ]; then
  for area in "${DEFAULT_ORDER[@]}"; do printf '%-14s%s\n' "$area" "${AREAS[$area]}"; done
  exit 0
fi
[ $# -gt 0 ] || set -- "${DEFAULT_ORDER[@]}"
projects=()
for area in "$@"; do
  [ -n "${AREAS[$area]:-}" ] || die "there is no test area '$area'. The areas are: ${DEFAULT_ORDER[*]}"
  for project in ${AREAS[$area]}; do
    [ ! -d "$PORTAL_HOME/tests/$project" ] || projects+=("$project")
  done
done

need_root "the tests"
need_dotnet
install_packages "${PACKAGES_RUN[@]}" "${PACKAGES_TEST[@]}"
# Debian's docker.io brings a daemon along; only its client is used here, and only where there is none.
command -v docker >/dev/null || install_packages docker.io

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
cd "$PORTAL_HOME"

say "building"
if ! dotnet build Portal.sln -c Release "${COMPILER_SERVER[@]}" -v q -nologo >"$results/build.log" 2>&1; then
  grep -E 'error' "$results/build.log" | sort -u | head -n 40 || tail -n 40 "$results/build.log"
  end_compiler
  die "the build failed; see above"
fi
end_compiler

# Adds up one project's counts from the results file that the runner wrote. A run that wrote none has crashed: one failure.
passed=0 failed=0 skipped=0
count() {
  local project=$1 status=$2 file=$results/$1.trx line value
  if [ ! -s "$file" ]; then
    failed=$((failed + 1))
    warn "$project ended without results (exit status $status)"
    return
  fi
  line=$(grep -o '<Counters [^>]*>' "$file" | head -n 1)
  attribute() { value=$(printf '%s' "$line" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'); printf '%s' "${value:-0}"; }
  local project_passed project_total project_executed project_failed
  project_passed=$(attribute passed)
  project_total=$(attribute total)
  project_executed=$(attribute executed)
  project_failed=$((project_executed - project_passed))
  if [ "$status" -ne 0 ] && [ "$project_failed" -eq 0 ]; then
    project_failed=1
    warn "$project ended with exit status $status although no test failed"
  fi
  passed=$((passed + project_passed)) failed=$((failed + project_failed)) skipped=$((skipped + project_total - project_executed))
}

for project in "${projects[@]}"; do
  say "testing $project"
  started=$SECONDS status=0
  # A test that hangs is a failure too: its name is reported, and the run goes on.
  dotnet test "tests/$project/$project.csproj" -c Release --no-build -nologo -v q \
    --logger "trx;LogFileName=$results/$project.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout 5min --blame-hang-dump-type none --results-directory "$results/$project" \
    </dev/null >"$results/$project.log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    grep -E '^Passed!' "$results/$project.log" || true
  else
    # Names, messages and stack traces of what failed, not the whole chatter.
    grep -vE '^(Test run for|A total of|VSTest|Starting test|Results File)' "$results/$project.log" | head -n 400
  fi
  count "$project" "$status"
  say "$project took $((SECONDS - started)) s"
done

printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] || exit 1
[ "$passed" -gt 0 ] || die "no test ran"
