# What the tests of area "releases" need: an earlier release, built from its revision. Kept under artifacts/releases by its commit.
#   PORTAL_TEST_EARLIER   the revision; the newest tag v* before this one where none is named

# Sets what EarlierRelease.cs reads.
releases_prepare() {
  local revision=${PORTAL_TEST_EARLIER:-} commit home work log project
  [ -n "$revision" ] || revision=$(git -C "$PORTAL_HOME" describe --tags --abbrev=0 --match 'v*' HEAD^ 2>/dev/null) ||
    die "this repository has no tag v* before this revision; name one: PORTAL_TEST_EARLIER=REVISION ./portal test releases"
  commit=$(git -C "$PORTAL_HOME" rev-parse --verify --quiet "$revision^{commit}") ||
    die "this repository has no revision '$revision'. A shallow clone has few: git fetch --unshallow"
  home=$PORTAL_HOME/artifacts/releases/$commit
  if [ ! -e "$home/complete" ]; then
    say "building ${commit:0:12} (a minute or two, once)"
    rm -rf "$home"
    mkdir -p "$home/source"
    log=$home/build.log
    git -C "$PORTAL_HOME" archive "$commit" | tar -x -C "$home/source"
    for project in Web Agent; do
      # Its own settings count, and its warnings are nobody's any more.
      (cd "$home/source" && RunAnalyzers=false dotnet publish "src/Portal.$project" -c Release "${COMPILER_SERVER[@]}" -v q -nologo \
        -o "$home/${project,,}") >"$log" 2>&1 || { grep -E 'error' "$log" | sort -u | head -n 20 >&2; end_compiler; die "${commit:0:12} does not build"; }
    done
    end_compiler
    rm -rf "$home/source"
    : >"$home/complete"
  fi
  export PORTAL_TEST_EARLIER_HOME=$home
}
