import { giftQueueWorkflowId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { expectTaken, type Gifts, giftsOf } from "./test/gifts.ts";
import { startWorld, type World } from "./test/world.ts";

/*
 * `npm run gift-load`: many viewers' gift requests through one streamer's queue (GIFTS, 10,000 by default), each ended
 * by the desktop as soon as it is its turn. Prints one JSON line: how long the longest history of the queue was, in how
 * many runs, and how often the positions were looked at. Fails when an order or a position is wrong.
 */

declare module "vitest" {
  interface ProvidedContext {
    gifts: number;
  }
}

const GIFTS = inject("gifts");
const AT_ONCE = 50;
const LOOK_EVERY = 25;
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

async function activeGift(): Promise<string | null> {
  const { rows } = await world.database.query<{ gift_request_id: string }>(
    "select gift_request_id from gift_requests where state in ('SelectingItem', 'WaitingConfirmation')",
  );
  return rows[0]?.gift_request_id ?? null;
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
  const arriving = arrive();
  let served = 0;
  let looks = 0;
  let last: string | null = null;
  while (served < GIFTS) {
    const active = await activeGift();
    if (active === null || active === last) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      continue;
    }
    last = active;
    await expectTaken(() => gifts.fail(active, "no_items_available"));
    served += 1;
    if (served % LOOK_EVERY !== 0) continue;
    await lookAtPositions();
    looks += 1;
    if (served % 500 === 0) process.stderr.write(`${served} after ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
  }
  await arriving;
  const { rows } = await world.database.query<{ promoted: number; in_order: boolean }>(
    `select count(*)::int as promoted, bool_and(follows) as in_order from (
       select arrival > coalesce(lag(arrival) over (order by sequence), 0) as follows
         from gift_events join gift_requests using (gift_request_id) where event = 'promoted') promotions`,
  );
  expect(rows[0]).toEqual({ promoted: GIFTS, in_order: true });
  const lengths = await historyLengths();
  const longest = Math.max(...lengths.map(({ events }) => events));
  expect(longest).toBeLessThan(HISTORY_WARNS_AT);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const report = {
    gifts: GIFTS,
    seconds,
    runs: lengths.length,
    longestHistoryEvents: longest,
    longestHistoryBytes: Math.max(...lengths.map(({ bytes }) => bytes)),
    positionsLookedAt: looks,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
});
