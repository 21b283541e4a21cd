#!/bin/sh
# Ends every container of this host's engine and removes all that it has made: processes, cgroups, mounts, bridges, packet rules, folders.
# The agent has been stopped before. Run once more, it does what is left.
set -eu
name=portal data=/var/lib/portal run=/run/portal

trees() { find /sys/fs/cgroup -maxdepth 2 -type d -name "$name" 2>/dev/null; }
# A container whose cgroup was to be elsewhere is still a child of its monitor.
members() {
  for tree in $(trees); do find "$tree" -name cgroup.procs ! -path '*/monitors/*' -exec cat {} + 2>/dev/null; done
  for tree in $(trees); do
    [ ! -r "$tree/monitors/cgroup.procs" ] ||
      while read -r monitor; do cat "/proc/$monitor/task/$monitor/children" 2>/dev/null || true; done <"$tree/monitors/cgroup.procs"
  done | tr ' ' '\n'
}
signal() { for process in $(members | grep . | sort -un); do kill -s "$1" "$process" 2>/dev/null || true; done; }

for tree in $(trees); do
  # Paused ones can't end.
  find "$tree" -name cgroup.freeze -exec sh -c 'echo 0 >"$1"' sh {} \; 2>/dev/null || true
  find "$tree" -name freezer.state -exec sh -c 'echo THAWED >"$1"' sh {} \; 2>/dev/null || true
done
signal TERM
waited=0
while members | grep -q . && [ "$waited" -lt 100 ]; do sleep 0.1; waited=$((waited + 1)); done
waited=0
while members | grep -q . && [ "$waited" -lt 100 ]; do signal KILL; sleep 0.1; waited=$((waited + 1)); done
for tree in $(trees); do
  while read -r monitor; do kill -s KILL "$monitor" 2>/dev/null || true; done 2>/dev/null <"$tree/monitors/cgroup.procs" || true
done
sleep 0.2
for tree in $(trees); do find "$tree" -depth -type d -exec rmdir {} \; 2>/dev/null || true; done

for bridge in $(ip -o link show type bridge 2>/dev/null | sed -n "s/^[0-9]*: \(${name}[0-9a-z]*\)[:@].*/\1/p"); do
  case $bridge in "${name}0" | "${name}b"*) ip link delete "$bridge" ;; esac
done
nft delete table inet "$name" 2>/dev/null || true

# Deepest first. Only those of the engine: nothing else is mounted below its folders.
awk -v data="$data/" -v run="$run/" 'index($5, data) == 1 || index($5, run) == 1 { print $5 }' /proc/self/mountinfo | tac |
  while read -r place; do umount -l "$(printf '%b' "$place")"; done
rm -rf --one-file-system "$data/engine" "$data/agent" "$run"
rmdir "$data" 2>/dev/null || true
