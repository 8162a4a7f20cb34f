#!/bin/sh
# Starts the Temporal server. It takes its database's password from the environment only, and secrets are files.
set -eu
POSTGRES_PWD="$(cat "$POSTGRES_PWD_FILE")"
export POSTGRES_PWD
if [ "${BIND_ON_IP:-}" = 0.0.0.0 ]; then
  # Its parts find each other by this address.
  TEMPORAL_BROADCAST_ADDRESS="$(hostname -i | cut -d ' ' -f 1)"
  export TEMPORAL_BROADCAST_ADDRESS
fi
exec temporal-server start
