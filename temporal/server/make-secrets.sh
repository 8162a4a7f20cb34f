#!/bin/sh
# Makes what docker-compose.yml reads as secrets, one file each, in ./secrets or the folder given. What is there stays
# as it is. Two of the files hold what only Twitch knows; they are made empty, to be filled in.
set -eu
folder="${1:-secrets}"
umask 077
mkdir -p "$folder"
# Containers read the files as users of their own; the folder is what keeps others out.
put() {
  [ -e "$folder/$1" ] || (umask 022 && printf '%s\n' "$2" > "$folder/$1")
}
value_of() {
  cat "$folder/$1"
}
put postgres_password "$(openssl rand -hex 24)"
put postgres_admin_url "postgres://postgres:$(value_of postgres_password)@postgres:5432/postgres"
put database_url "postgres://mgm:$(openssl rand -hex 24)@postgres:5432/mgm"
put temporal_db_password "$(openssl rand -hex 24)"
put token_encryption_key "$(openssl rand -base64 32)"
put twitch_eventsub_secret "$(openssl rand -hex 32)"
put desktop_api_keys "$(openssl rand -hex 24)"
put twitch_client_secret ""
put twitch_extension_secrets ""
for empty in twitch_client_secret twitch_extension_secrets; do
  [ -n "$(value_of "$empty")" ] || echo "$folder/$empty is empty: put in what Twitch's developer console shows"
done
