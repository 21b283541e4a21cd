# ./portal up: PostgreSQL, the portal and a local agent, started, watched, and stopped together. Containers are not theirs to stop.

[ $# -eq 0 ] || die "up takes no arguments; its settings come from the environment (./portal help lists them)"
need_root "up"
need_dotnet

export PORTAL_DATA=${PORTAL_DATA:-/var/lib/portal} PORTAL_RUN=${PORTAL_RUN:-/run/portal} PORTAL_HTTP=${PORTAL_HTTP:-127.0.0.1:8080}
# Whoever runs this script reads the password that is made up from its ready line.
export PORTAL_SETUP=${PORTAL_SETUP:-password}
for folder in "$PORTAL_DATA" "$PORTAL_RUN"; do
  case "$folder" in /*) ;; *) die "PORTAL_DATA and PORTAL_RUN must be absolute paths; '$folder' is not" ;; esac
done
[ "${#PORTAL_RUN}" -le 70 ] || die "PORTAL_RUN=$PORTAL_RUN is longer than 70 characters; sockets below it would exceed the kernel's limit (unix(7))"
case "$PORTAL_HTTP" in
  *:*[!0-9]* | *: | [!0-9\[a-z]*) die "PORTAL_HTTP must be ADDRESS:PORT, such as 127.0.0.1:8080; '$PORTAL_HTTP' is not" ;;
  *:*) ;;
  *) die "PORTAL_HTTP must be ADDRESS:PORT, such as 127.0.0.1:8080; '$PORTAL_HTTP' is not" ;;
esac
URL=http://$PORTAL_HTTP${PORTAL_PATH_BASE:-}
# What this machine itself uses to reach the portal, also when it answers on all addresses.
LOCAL_URL=http://$(printf '%s' "$PORTAL_HTTP" | sed -e 's/^0\.0\.0\.0:/127.0.0.1:/' -e 's/^\[::\]:/[::1]:/')
PACKAGES=("${PACKAGES_RUN[@]}")
[ -z "${PORTAL_DB:-}" ] || PACKAGES=("${PACKAGES[@]/#postgresql/}")

install -d -m 0755 "$PORTAL_DATA" "$PORTAL_RUN"
install -d -m 0700 "$PORTAL_DATA/logs"
exec 9>"$PORTAL_RUN/up.lock"
flock -n 9 || die "another ./portal up runs with PORTAL_RUN=$PORTAL_RUN. Stop it, or choose other PORTAL_DATA, PORTAL_RUN and PORTAL_HTTP for this one."

# Without the lock: a compiler's process that outlives a build that was killed would keep it.
install_packages $(printf '%s\n' "${PACKAGES[@]}" | grep .) 9>&-
build_release 9>&-

declare -A PIDS=() STARTED=() COMMANDS=()
STOPPING=
READY=

# Starts one part in a session of its own, so that Ctrl-C reaches this script alone, which then stops the parts in order. Should this
# script be killed outright, the kernel tells the parts to end (--pdeathsig). Output goes to a log that is kept for one more start.
start_part() {
  local name=$1 log=$PORTAL_DATA/logs/$1.log
  case "$name" in
    postgres) postgres_command; set -- "${POSTGRES_COMMAND[@]}" ;;
    portal) set -- setpriv --pdeathsig TERM dotnet "$RELEASE/web/Portal.Web.dll" ;;
    agent) set -- setpriv --pdeathsig TERM dotnet "$RELEASE/agent/Portal.Agent.dll" run ;;
  esac
  if [ -e "$log" ] && [ "$(stat -c %s "$log")" -gt 10485760 ]; then mv -f "$log" "$log.1"; fi
  (cd / && exec setsid "$@") >>"$log" 2>&1 9>&- </dev/null &
  PIDS[$name]=$!
  STARTED[$name]=$SECONDS
}

alive() { [ -n "${PIDS[$1]:-}" ] && kill -0 "${PIDS[$1]}" 2>/dev/null; }

stop_part() {
  local name=$1 signal=$2 pid=${PIDS[$1]:-} waited=0
  [ -n "$pid" ] || return 0
  unset "PIDS[$name]"
  kill -s "$signal" "$pid" 2>/dev/null || return 0
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$waited" -ge 150 ]; then warn "$name did not stop within 15 s; killing it"; kill -KILL "$pid" 2>/dev/null || true; break; fi
    sleep 0.1
    waited=$((waited + 1))
  done
  wait "$pid" 2>/dev/null || true
}

stop_all() {
  [ -z "$STOPPING" ] || return 0
  STOPPING=1
  trap '' INT TERM HUP
  [ -z "$READY" ] || say "stopping; containers run on"
  stop_part agent TERM
  stop_part portal TERM
  stop_part postgres INT
  # Not admin-password: a start that ended before the ready line has told it to nobody yet, and it is made only once.
  rm -f "$PORTAL_RUN/local-join-token"
}
trap 'stop_all; exit 0' INT TERM HUP
trap 'stop_all' EXIT

# Waits until a command succeeds; fails at once, with the end of its log, when the part that it waits for has died.
await() {
  local name=$1 seconds=$2 until
  shift 2
  until=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if ! alive "$name"; then tail -n 20 "$PORTAL_DATA/logs/$name.log" >&2; die "$name ended while it started; the end of $PORTAL_DATA/logs/$name.log is above"; fi
    if [ $SECONDS -ge $until ]; then tail -n 20 "$PORTAL_DATA/logs/$name.log" >&2; die "$name was not ready within $seconds s; the end of $PORTAL_DATA/logs/$name.log is above"; fi
    sleep 0.1
  done
}

# One HTTP GET without any program: true when the answer's status is 200.
http_ok() {
  local authority=${1#http://} path=/ status
  case "$authority" in */*) path=/${authority#*/}; authority=${authority%%/*} ;; esac
  local host=${authority%:*} port=${authority##*:}
  host=${host#[}; host=${host%]}
  exec 7<>"/dev/tcp/$host/$port" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$path" "$authority" >&7
  IFS= read -r -t 5 status <&7 || status=
  exec 7>&-
  case "$status" in *" 200 "* | *" 200"$'\r') return 0 ;; *) return 1 ;; esac
}

port_taken() { (exec 7<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null; }

agent_joined() { [ -e "$PORTAL_DATA/agent/identity.json" ]; }
agent_online() { dotnet "$RELEASE/agent/Portal.Agent.dll" status --quiet; }

# What an ./portal up that was killed outright left running has been told to end by the kernel: give it the time.
local_authority=${LOCAL_URL#http://}
local_authority=${local_authority//[\[\]]/}
for _ in $(seq 100); do port_taken "$local_authority" || break; sleep 0.1; done
if port_taken "$local_authority"; then
  die "something answers on $PORTAL_HTTP already. Stop it, or choose another address with PORTAL_HTTP."
fi

if [ -z "${PORTAL_DB:-}" ]; then
  . "$PORTAL_HOME/scripts/postgres.sh"
  postgres_prepare
  postgres_await_end
  say "starting PostgreSQL"
  start_part postgres
  await postgres 60 postgres_ready
  postgres_make_database
  export PORTAL_DB="Host=$POSTGRES_RUN;Username=postgres;Database=portal"
  PARTS=(postgres portal agent)
else
  say "using the PostgreSQL of PORTAL_DB"
  PARTS=(portal agent)
fi

if ! agent_joined; then export PORTAL_LOCAL_JOIN_TOKEN_FILE=$PORTAL_RUN/local-join-token; fi
rm -f "$PORTAL_RUN/local-join-token"
say "starting the portal"
start_part portal
await portal 300 http_ok "$LOCAL_URL/readyz"

if ! agent_joined; then
  say "joining this host as the first node"
  await portal 30 test -s "$PORTAL_RUN/local-join-token"
  dotnet "$RELEASE/agent/Portal.Agent.dll" join "$LOCAL_URL" --token-file "$PORTAL_RUN/local-join-token" >>"$PORTAL_DATA/logs/agent.log" 2>&1 ||
    { tail -n 10 "$PORTAL_DATA/logs/agent.log" >&2; die "this host could not join its own portal; the end of $PORTAL_DATA/logs/agent.log is above"; }
  rm -f "$PORTAL_RUN/local-join-token"
  unset PORTAL_LOCAL_JOIN_TOKEN_FILE
fi
say "starting the agent"
start_part agent
await agent 180 agent_online

line="ready: $URL  admin: admin"
if [ -s "$PORTAL_RUN/admin-password" ]; then
  line+="  password: $(cat "$PORTAL_RUN/admin-password")"
  rm -f "$PORTAL_RUN/admin-password"
fi
printf '%s\n' "$line  DOCKER_HOST=unix://$PORTAL_RUN/docker.sock"
READY=1

# Watches. A part that dies is started again at once, and after that no more often than once in five seconds.
while :; do
  wait -n "${PIDS[@]}" 2>/dev/null || true
  for name in "${PARTS[@]}"; do
    if ! alive "$name"; then
      status=0
      wait "${PIDS[$name]}" 2>/dev/null || status=$?
      warn "$name died (exit status $status); starting it again. Its log: $PORTAL_DATA/logs/$name.log"
      [ $((SECONDS - STARTED[$name])) -ge 5 ] || sleep 5
      start_part "$name"
    fi
  done
done
