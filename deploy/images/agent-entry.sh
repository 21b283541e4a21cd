#!/bin/sh
# Joins the portal that PORTAL_JOIN_URL names, once, with the token that it left for this host; then runs the agent in place of this shell.
# It goes by the pin in the token, or as PORTAL_JOIN_TRUST=system or PORTAL_JOIN_CA=FILE says.
set -eu
set --
identity=${PORTAL_DATA:-/var/lib/portal}/agent/identity.json
if [ -n "${PORTAL_JOIN_URL:-}" ] && [ ! -e "$identity" ]; then
  echo "waiting for the join token in ${PORTAL_JOIN_TOKEN_FILE:?names the file with the join token} and for $PORTAL_JOIN_URL"
  if [ -n "${PORTAL_JOIN_TRUST:-}" ]; then set -- --trust "$PORTAL_JOIN_TRUST"; fi
  if [ -n "${PORTAL_JOIN_CA:-}" ]; then set -- --ca "$PORTAL_JOIN_CA"; fi
  until [ -s "$PORTAL_JOIN_TOKEN_FILE" ] && portal-agent join "$PORTAL_JOIN_URL" --token-file "$PORTAL_JOIN_TOKEN_FILE" "$@"; do sleep 1; done
fi
exec /usr/lib/portal-agent/agent/Portal.Agent run
