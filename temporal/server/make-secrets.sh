#!/bin/sh
# Makes what docker-compose.yml reads as secrets, one file each, in ./secrets or the folder given. What is there stays
# as it is. Two of the files hold what only Twitch knows; they are made empty, to be filled in.
set -eu
folder="${1:-secrets}"
command -v openssl > /dev/null || { echo "openssl is needed to make secrets up; nothing was made" >&2; exit 1; }
umask 077
mkdir -p "$folder"
value_of() {
  cat "$folder/$1"
}
# Written beside and renamed, so that nobody finds half a secret. Containers read the files as users of their own; the
# folder is what keeps others out.
put() {
  # An empty one was never a secret.
  [ -e "$folder/$1" ] && [ -n "$(value_of "$1")" ] && return
  (umask 022 && printf '%s\n' "$2" > "$folder/$1.new")
  mv "$folder/$1.new" "$folder/$1"
}
# Into a variable first: where a command fails inside of another one's argument, the shell goes on with an empty text.
made="$(openssl rand -hex 24)"
put postgres_password "$made"
made="$(value_of postgres_password)"
put postgres_admin_url "postgres://postgres:$made@postgres:5432/postgres"
made="$(openssl rand -hex 24)"
put database_url "postgres://mgm:$made@postgres:5432/mgm"
made="$(openssl rand -hex 24)"
put temporal_db_password "$made"
made="$(openssl rand -base64 32)"
put token_encryption_key "$made"
made="$(openssl rand -hex 32)"
put twitch_eventsub_secret "$made"
made="$(openssl rand -hex 24)"
put desktop_api_keys "$made"
put twitch_client_secret ""
put twitch_extension_secrets ""
for empty in twitch_client_secret twitch_extension_secrets; do
  [ -n "$(value_of "$empty")" ] || echo "$folder/$empty is empty: put in what Twitch's developer console shows"
done
