import { firstRow, type Queryable } from "../database.ts";

/** Who may publish for a channel, for as long as it says so often enough. */
export interface Publisher {
  readonly broadcasterId: string;
  readonly token: string;
  /** A silence of this length lets another process take over. */
  readonly leaseMs: number;
}

/** Takes or keeps the right to publish; null while another process has it, else what was sent last. */
export async function holdPublishing(
  db: Queryable,
  { broadcasterId, token, leaseMs }: Publisher,
): Promise<{ readonly stateHash: string | null } | null> {
  const row = firstRow(
    await db.query<{ state_hash: string | null }>({
      name: "hold-publishing",
      text: `insert into publications as known (broadcaster_id, publisher_token, publisher_until)
       values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       on conflict (broadcaster_id) do update set publisher_token = $2, publisher_until = excluded.publisher_until
       where known.publisher_token = $2 or known.publisher_until is null or known.publisher_until < clock_timestamp()
       returning state_hash`,
      values: [broadcasterId, token, leaseMs],
    }),
  );
  return row === null ? null : { stateHash: row.state_hash };
}

/**
 * Takes the next version for a state that is about to be sent; null when it is too soon after the last one, whoever sent
 * that, or when the right to publish has gone to somebody else.
 */
export async function nextVersion(
  db: Queryable,
  { broadcasterId, token }: Publisher,
  { stateHash, everyMs }: { stateHash: string; everyMs: number },
): Promise<number | null> {
  const row = firstRow(
    await db.query<{ state_version: string }>(
      `update publications set state_version = state_version + 1, state_hash = $3, attempted_at = clock_timestamp()
        where broadcaster_id = $1 and publisher_token = $2 and publisher_until > clock_timestamp()
          and (attempted_at is null or attempted_at <= clock_timestamp() - $4 * interval '1 millisecond')
        returning state_version`,
      [broadcasterId, token, stateHash, everyMs],
    ),
  );
  return row === null ? null : Number(row.state_version);
}

/** A state that was not sent after all: it is sent again, under another version. */
export async function forgetPublished(db: Queryable, { broadcasterId, token }: Publisher): Promise<void> {
  await db.query("update publications set state_hash = null where broadcaster_id = $1 and publisher_token = $2", [
    broadcasterId,
    token,
  ]);
}

/** Lets another process publish at once. */
export async function endPublishing(db: Queryable, { broadcasterId, token }: Publisher): Promise<void> {
  await db.query(
    "update publications set publisher_token = null, publisher_until = null where broadcaster_id = $1 and publisher_token = $2",
    [broadcasterId, token],
  );
}
