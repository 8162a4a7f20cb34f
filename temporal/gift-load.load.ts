import { on } from "node:events";
import { giftQueueWorkflowId } from "@mgm/workflows/ids";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { expectTaken, type Gifts, giftsOf } from "./test/gifts.ts";
import { startWorld, type World } from "./test/world.ts";

/*
 * `npm run gift-load`: many viewers' gift requests through one streamer's queue (GIFTS, 10,000 by default), each ended
 * by the desktop as soon as it is its turn. Prints one JSON line: how long it took, how long the longest history of the
 * queue was, in how many runs, how often the positions were looked at, and how long the reconcile job took in the middle
 * of it. Fails when an order or a position is wrong.
 */

declare module "vitest" {
  interface ProvidedContext {
    gifts: number;
  }
}

const GIFTS = inject("gifts");
const AT_ONCE = 50;
/** A look takes the whole list; more of them would measure the looking. */
const LOOKS = 40;
const LOOK_EVERY = Math.ceil(GIFTS / LOOKS);
/** The server warns here, and ends a workflow at five times as many. */
const HISTORY_WARNS_AT = 10_240;

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld({ settings: { LIMIT_READS: "1000000" } });
  gifts = giftsOf(world);
});
afterAll(() => world.stop());

async function arrive(): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < GIFTS) await gifts.ask(`viewer-${next++}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Tells of each request whose turn it has become, at once and without asking. */
async function listenToPromotions(): Promise<pg.Client> {
  await world.database.query(`
    create function tell_promotion() returns trigger language plpgsql as $$
      begin perform pg_notify('promoted', new.gift_request_id::text); return null; end $$;
    create trigger tell_promotion after update on gift_requests for each row
      when (new.state = 'SelectingItem' and old.state = 'Pending') execute function tell_promotion()`);
  const listener = new pg.Client({ connectionString: world.databaseUrl });
  await listener.connect();
  await listener.query("listen promoted");
  return listener;
}

/** What a desktop sees must be what is open, in the order of arrival, with places that have no gap. */
async function lookAtPositions(): Promise<void> {
  const listed = await gifts.list();
  expect(listed.map(({ queuePosition }) => queuePosition)).toEqual(listed.map((_, index) => index + 1));
  expect(listed.map(({ estimatedWaitSeconds }) => estimatedWaitSeconds)).toEqual(listed.map((_, index) => index * 65));
  const { rows } = await world.database.query<{ id: string; arrival: string }>(
    "select gift_request_id as id, arrival from gift_requests",
  );
  const arrivals = new Map(rows.map(({ id, arrival }) => [id, Number(arrival)]));
  const order = listed.map(({ id }) => arrivals.get(id) ?? 0);
  expect(order).toEqual([...order].sort((one, other) => one - other));
}

/** One run of the job that every minute looks at all who wait; how long it took, in seconds. */
async function reconcile(): Promise<number> {
  const startedAt = Date.now();
  expect(await world.reconcile()).toMatchObject({ giftsEnded: 0, giftQueuesWoken: 0 });
  return Math.round((Date.now() - startedAt) / 1000);
}

async function historyLengths(): Promise<{ events: number; bytes: number }[]> {
  const lengths: { events: number; bytes: number }[] = [];
  const query = `WorkflowId = '${giftQueueWorkflowId(world.broadcasterId)}'`;
  for await (const { workflowId, runId } of world.client.workflow.list({ query })) {
    const { historyLength, raw } = await world.client.workflow.getHandle(workflowId, runId).describe();
    lengths.push({ events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) });
  }
  return lengths;
}

it(`serves ${GIFTS} requests one at a time`, async () => {
  const startedAt = Date.now();
  const seconds = (): number => Math.round((Date.now() - startedAt) / 1000);
  const failing = new AbortController();
  const listener = await listenToPromotions();
  const promotions = on(listener, "notification", { signal: failing.signal });
  const arriving = arrive();
  arriving.catch((error: unknown) => failing.abort(error));
  let served = 0;
  let looks = 0;
  let reconciled: Promise<number> | null = null;
  for await (const [{ payload: id }] of promotions) {
    await expectTaken(() => gifts.fail(id, "no_items_available"));
    served += 1;
    if (served === Math.ceil(GIFTS / 4)) reconciled = reconcile();
    if (served % LOOK_EVERY === 0) {
      await lookAtPositions();
      looks += 1;
      process.stderr.write(`${served} after ${seconds()} s\n`);
    }
    if (served === GIFTS) break;
  }
  await arriving;
  await listener.end();
  const { rows } = await world.database.query<{ promoted: number; in_order: boolean }>(
    `select count(*)::int as promoted, bool_and(follows) as in_order from (
       select arrival > coalesce(lag(arrival) over (order by sequence), 0) as follows
         from gift_events join gift_requests using (gift_request_id) where event = 'promoted') promotions`,
  );
  expect(rows[0]).toEqual({ promoted: GIFTS, in_order: true });
  const lengths = await historyLengths();
  const longest = Math.max(...lengths.map(({ events }) => events));
  expect(longest).toBeLessThan(HISTORY_WARNS_AT);
  const report = {
    gifts: GIFTS,
    seconds: seconds(),
    runs: lengths.length,
    longestHistoryEvents: longest,
    longestHistoryBytes: Math.max(...lengths.map(({ bytes }) => bytes)),
    positionsLookedAt: looks,
    reconcileSeconds: await reconciled,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
});
