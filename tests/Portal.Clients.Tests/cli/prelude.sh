# What every script begins with.

# eventually COMMAND...: runs it again and again until it succeeds, for a minute at most.
eventually() {
  local end=$((SECONDS + ${PATIENCE:-60}))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "gave up on: $*"; return 1; }
    sleep 0.1
  done
}

# says TEXT COMMAND...: whether what the command writes has the text.
says() { "${@:2}" 2>&1 | grep -qF -- "$1"; }

# on_terminal TYPED COMMAND: runs it on a pseudo-terminal and types, once the command has written its first line.
on_terminal() {
  local typed=$1 seen
  seen=$(mktemp)
  { eventually test -s "$seen"; printf "$typed"; eventually test -e "$seen.over"; } |
    { script --quiet --return --flush --command "$2" /dev/null; echo $? > "$seen.over"; } | tee "$seen"
  return "$(cat "$seen.over")"
}

# past FLAGS: the events of the last minutes until now. Whole seconds are compared: the present one is waited for.
past() { docker events --since 10m --until $(($(date +%s) + 1)) "$@"; }
