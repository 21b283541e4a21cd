#!/bin/sh
# Starts the agent: the one that is installed here, or a version that the portal has brought since, which lies under $PORTAL_DATA/agent/versions.
# A new version is on trial until it has linked to the portal. One that ends too often before that, or has not linked when its time is over, is
# never started again, and the one before it is, whatever the new one is worth: nothing below is part of it. Why so: docs/adr/0028.
#
# Records in that folder, each of lines NAME=VALUE, and each moved by one rename(2):
#   trial     the new version; to "current" by the agent when it has linked, to "failed" by this script when it has not
#   current   the version that runs; without it the installed one does
#   previous  the one before
#   failed    what was gone back from, and why
#   attempts  when the one on trial was started: a line for each, with the boot and the seconds since
set -u

ATTEMPTS=3
AGAIN=75
lib=$(dirname "$(readlink -f "$0")")
versions=${PORTAL_DATA:-/var/lib/portal}/agent/versions
limit=${PORTAL_UPGRADE_SECONDS:-60}
case $limit in '' | *[!0-9]*) limit=60 ;; esac
base=$(cat "$lib/BUILD" 2>/dev/null) || base=
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) || boot=unknown
status='' child='' stopping='' deadline=0

say() { printf '%s\n' "portal-agent: $*" >&2; }
field() { sed -n "s/^$2=//p" "$versions/$1" 2>/dev/null | head -n 1; }
read_uptime() { IFS='. ' read -r now _ </proc/uptime; }

# A version counts for the installed agent that it was put beside: whoever installs another gets that one.
is_good() {
  case $1 in '' | *[!0-9a-f]*) return 1 ;; esac
  [ -x "$versions/$1/agent/Portal.Agent" ] && [ "$(cat "$versions/$1/BASE" 2>/dev/null)" = "$base" ]
}

# Fails when the version has linked meanwhile, or was given up before.
give_up() {
  mv "$versions/trial" "$versions/failed" 2>/dev/null || return 1
  printf 'reason=%s\n' "$1" >>"$versions/failed" 2>/dev/null || true
  say "the new version $(field failed build) is not kept: $1"
}

# Chooses the version on trial, when there is one and it may be started once more.
try_new() {
  name=$(field trial name)
  if ! is_good "$name"; then give_up "Its files are not there any more, or another agent was installed on the host meanwhile."; return 1; fi
  read_uptime
  if ! printf '%s %s\n' "$boot" "$now" >>"$versions/attempts"; then give_up "Its start could not be recorded in $versions: is the disk full?"; return 1; fi
  if [ "$(wc -l <"$versions/attempts")" -gt "$ATTEMPTS" ]; then
    give_up "It ended $ATTEMPTS times before it had linked to the portal${status:+, last with exit status $status}."
    return 1
  fi
  first=$(sed -n "s/^$boot //p" "$versions/attempts" | head -n 1)
  deadline=$((${first:-$now} + limit))
  if [ "$now" -ge "$deadline" ]; then give_up "It had not linked to the portal within $limit seconds."; return 1; fi
  home=$versions/$name build=$(field trial build) trial=1
}

choose() {
  home=$lib name=base build=$base trial=
  if [ -e "$versions/trial" ] && try_new; then return; fi
  for record in current previous; do
    name=$(field "$record" name)
    if is_good "$name"; then home=$versions/$name build=$(field "$record" build); return; fi
  done
  name=base
}

# proc_pid_stat(5): the time of its start tells a process from a later one of the same number. The name before may hold anything.
birth() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# Runs beside the version on trial, and goes back from it when its time is over.
watch_trial() {
  born=$(birth "$1")
  while :; do
    [ -e "$versions/trial" ] || return 0
    [ -n "$born" ] && [ "$(birth "$1")" = "$born" ] || return 0
    read_uptime
    [ "$now" -lt "$deadline" ] || break
    sleep 1
  done
  give_up "It ran, but had not linked to the portal within $limit seconds." || return 0
  kill -TERM "$1" 2>/dev/null
  killed=$((now + 5))
  while [ "$now" -lt "$killed" ] && [ "$(birth "$1")" = "$born" ]; do sleep 0.2; read_uptime; done
  [ "$(birth "$1")" != "$born" ] || kill -KILL "$1" 2>/dev/null
}

# In the background, and nobody's child: whoever takes this process's place would never ask for its end.
begin_watch() { [ -z "$trial" ] || (watch_trial "$1" </dev/null &); }

wait_for_child() {
  while :; do
    wait "$child"
    status=$?
    kill -0 "$child" 2>/dev/null || return 0
  done
}

while :; do
  choose
  export PORTAL_AGENT_VERSIONS="$versions" PORTAL_AGENT_NAME="$name" PORTAL_AGENT_BUILD="$build" PORTAL_AGENT_BASE="$base"
  if [ -n "${NOTIFY_SOCKET:-}" ]; then
    # systemd knows this process, starts it again whenever it ends, and hears it alone: the agent takes its place.
    begin_watch "$$"
    exec "$home/agent/Portal.Agent" "$@"
  fi
  child=
  trap 'stopping=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT HUP
  "$home/agent/Portal.Agent" "$@" &
  child=$!
  begin_watch "$child"
  [ -z "$stopping" ] || kill -TERM "$child" 2>/dev/null
  wait_for_child
  [ -z "$stopping" ] || exit "$status"
  if [ -n "$trial" ] && [ "$(field current name)" != "$name" ]; then sleep 1; continue; fi
  [ "$status" -eq "$AGAIN" ] || exit "$status"
done
