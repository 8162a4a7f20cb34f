#!/bin/sh
# Brings Temporal's two databases to the schema of this version. May run again at any time; the server must not be older.
set -eu
SQL_PASSWORD="$(cat "$POSTGRES_PWD_FILE")"
export SQL_PASSWORD
for pair in "$DBNAME temporal" "$VISIBILITY_DBNAME visibility"; do
  database="${pair% *}"
  schema="postgresql/v12/${pair#* }"
  tool() {
    temporal-sql-tool --plugin "$DB" --ep "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" --db "$database" "$@"
  }
  # Only makes the table of versions where it is missing.
  tool setup-schema -v 0.0
  tool update-schema --schema-name "$schema"
done
