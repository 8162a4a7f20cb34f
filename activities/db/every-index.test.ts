import { expect, it } from "vitest";
import { cloneDatabase } from "../../temporal/test/engines.ts";
import { openDatabase } from "./database.ts";

/** Counters of who asks how often: their subjects hold the channel where there is one. */
const WITHOUT_CHANNEL = ["counted_writes", "exchanged_requests", "schema_migrations"];

it("carries the broadcaster in every table, and leads every index with it that does not lead with a UUID", async () => {
  const cloned = await cloneDatabase();
  const limits = { maxConnections: 1, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  const database = openDatabase(cloned.url, limits, () => undefined);
  try {
    const tables = await database.query<{ name: string; channel: boolean }>(
      `select relname as name, exists (select from pg_attribute where attrelid = pg_class.oid
                                         and attname = 'broadcaster_id' and attnotnull) as channel
         from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    const bare = tables.rows.filter(({ name, channel }) => !channel && !WITHOUT_CHANNEL.includes(name));
    expect(bare).toEqual([]);
    const indexes = await database.query<{ name: string; leads: string }>(
      `select indexrelid::regclass::text as name, coalesce(attname, 'an expression') as leads
         from pg_index
         join pg_class owner on owner.oid = indrelid and relnamespace = 'public'::regnamespace
         left join pg_attribute on attrelid = indrelid and attnum = indkey[0] and attnum > 0
        where relname <> all($1) and coalesce(attname <> 'broadcaster_id' and atttypid <> 'uuid'::regtype, true)`,
      [WITHOUT_CHANNEL],
    );
    expect(indexes.rows).toEqual([]);
    expect(tables.rows.length).toBeGreaterThan(15);
  } finally {
    await database.end();
    await cloned.drop();
  }
});
