# A private PostgreSQL cluster: own data folder, own unix socket, no TCP, run as the user postgres.

POSTGRES_DATA=$PORTAL_DATA/postgres
POSTGRES_RUN=$PORTAL_RUN/postgres

# The newest PostgreSQL on this machine, as the folder of its programs.
postgres_bin() {
  local folder
  folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$folder" ] || die "PostgreSQL's programs are not under /usr/lib/postgresql although its package is installed. Reinstall the package postgresql."
  printf '%s\n' "$folder"
}

# The cluster's programs refuse to run as root; this runs one as postgres, in a folder that it may read.
as_postgres() { (cd / && setpriv --reuid postgres --regid postgres --init-groups "$@"); }

# Makes the cluster where there is none. Made aside and renamed, so that a killed first start leaves no half cluster.
postgres_prepare() {
  POSTGRES_BIN=$(postgres_bin)
  as_postgres test -x "$PORTAL_DATA" || die "the user postgres can't reach PORTAL_DATA=$PORTAL_DATA. Give every folder above it the mode 0755, or choose another."
  install -d -m 0700 -o postgres -g postgres "$POSTGRES_RUN"
  if [ ! -e "$POSTGRES_DATA/PG_VERSION" ]; then
    local fresh=$POSTGRES_DATA.new log
    say "making a private PostgreSQL cluster in $POSTGRES_DATA"
    rm -rf "$fresh"
    install -d -m 0700 -o postgres -g postgres "$fresh"
    log=$(mktemp)
    if ! as_postgres "$POSTGRES_BIN/initdb" -D "$fresh" -U postgres -E UTF8 --locale=C.UTF-8 --auth=reject --data-checksums >"$log" 2>&1; then
      tail -n 5 "$log" >&2
      rm -rf "$fresh" "$log"
      die "initdb could not make a cluster in $POSTGRES_DATA; its words are above"
    fi
    rm -f "$log"
    # Who may connect: the portal (root) and postgres itself, by the kernel's word about the other end of the socket.
    printf 'local all postgres peer map=portal\n' >"$fresh/pg_hba.conf"
    printf 'portal root postgres\nportal postgres postgres\n' >"$fresh/pg_ident.conf"
    printf '%s\n' "listen_addresses = ''" "max_connections = 100" "shared_buffers = 64MB" "log_timezone = 'UTC'" "timezone = 'UTC'" >>"$fresh/postgresql.conf"
    mv -T "$fresh" "$POSTGRES_DATA"
  elif [ "$(cat "$POSTGRES_DATA/PG_VERSION")" != "$(basename "$(dirname "$POSTGRES_BIN")")" ]; then
    local version; version=$(cat "$POSTGRES_DATA/PG_VERSION")
    POSTGRES_BIN=/usr/lib/postgresql/$version/bin
    [ -x "$POSTGRES_BIN/postgres" ] || die "the cluster in $POSTGRES_DATA is of PostgreSQL $version, which is not installed. Install postgresql-$version, or upgrade the cluster with pg_upgradecluster."
  fi
}

# The command that runs the server in the foreground, in POSTGRES_COMMAND.
postgres_command() {
  POSTGRES_COMMAND=(setpriv --reuid postgres --regid postgres --init-groups --pdeathsig INT
    "$POSTGRES_BIN/postgres" -D "$POSTGRES_DATA" -c "unix_socket_directories=$POSTGRES_RUN" -c unix_socket_permissions=0700)
}

# Waits for a server of this cluster that is on its way out.
postgres_await_end() {
  local pid
  for _ in $(seq 200); do
    pid=$(head -n 1 "$POSTGRES_DATA/postmaster.pid" 2>/dev/null) || return 0
    [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] || return 0
    sleep 0.1
  done
  die "another PostgreSQL (process $pid) runs on $POSTGRES_DATA and does not end. Stop it, and run this again."
}

postgres_ready() { "$POSTGRES_BIN/pg_isready" -q -h "$POSTGRES_RUN" -U postgres; }

postgres_make_database() {
  local found
  found=$(as_postgres "$POSTGRES_BIN/psql" -h "$POSTGRES_RUN" -U postgres -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'portal'")
  [ "$found" = 1 ] || as_postgres "$POSTGRES_BIN/createdb" -h "$POSTGRES_RUN" -U postgres portal
}
