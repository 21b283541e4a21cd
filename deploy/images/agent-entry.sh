#!/bin/sh
# Joins the portal that PORTAL_JOIN_URL names, once, with the token that it left for this host; then runs the agent in place of this shell.
set -eu
identity=${PORTAL_DATA:-/var/lib/portal}/agent/identity.json
if [ -n "${PORTAL_JOIN_URL:-}" ] && [ ! -e "$identity" ]; then
  echo "waiting for the join token in ${PORTAL_JOIN_TOKEN_FILE:?names the file with the join token} and for $PORTAL_JOIN_URL"
  until [ -s "$PORTAL_JOIN_TOKEN_FILE" ] && portal-agent join "$PORTAL_JOIN_URL" --token-file "$PORTAL_JOIN_TOKEN_FILE"; do sleep 1; done
fi
exec /usr/lib/portal-agent/agent/Portal.Agent run
