#!/bin/sh
# Makes a cluster with one user and one database, as the official image does from the same variables, and runs it.
set -eu
bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort -V | tail -n 1)
data=/var/lib/postgresql/data
if [ ! -e "$data/cluster/PG_VERSION" ]; then
  rm -rf "$data/fresh"
  (umask 077; printf '%s' "${POSTGRES_PASSWORD:?is the password of the database}" >"$data/password")
  "$bin/initdb" -D "$data/fresh" -U "${POSTGRES_USER:-postgres}" --pwfile="$data/password" -E UTF8 --locale=C.UTF-8 --auth=scram-sha-256 --data-checksums >/dev/null
  rm -f "$data/password"
  printf 'host all all all scram-sha-256\n' >>"$data/fresh/pg_hba.conf"
  printf "listen_addresses = '*'\nunix_socket_directories = '/tmp'\n" >>"$data/fresh/postgresql.conf"
  # The database is made in single-user mode, in which nobody else can connect before all is there.
  printf 'CREATE DATABASE "%s"\n' "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}" | "$bin/postgres" --single -D "$data/fresh" postgres >/dev/null
  mv -T "$data/fresh" "$data/cluster"
fi
exec "$bin/postgres" -D "$data/cluster"
