import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giftWorkflowId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "./test/engines.ts";
import { type Gifts, giftsOf } from "./test/gifts.ts";
import { type OwnTemporal, ownTemporal } from "./test/own-temporal.ts";
import { eventually, startWorld, type World } from "./test/world.ts";

/* A Temporal server of this file's own, which is killed while the times of requests run. */

const SELECT_MS = 6_000;
const CONFIRM_MS = 8_000;
/** The server that production runs may take a minute to serve again after it was killed. */
const RESTARTED_WITHIN_MS = 180_000;

let folder: string;
let database: TestDatabase;
let launchTemporal: () => Promise<OwnTemporal>;
let temporal: OwnTemporal;
let world: World;
let gifts: Gifts;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-gift-timers-"));
  launchTemporal = await ownTemporal(folder);
  [temporal, database] = await Promise.all([launchTemporal(), cloneDatabase()]);
  world = await startWorld({
    engines: { databaseUrl: database.url, temporalAddress: temporal.address },
    timings: { giftSelectMs: SELECT_MS, giftConfirmMs: CONFIRM_MS },
  });
  gifts = giftsOf(world);
});
afterAll(async () => {
  await world.stop();
  await temporal.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Ends the worker, and the server without warning, and brings both back. */
async function restart(): Promise<void> {
  await world.stopWorker();
  process.kill(temporal.pid, "SIGKILL");
  await temporal.ended;
  temporal = await launchTemporal();
  await world.startWorker();
}

/** How long the timers of a request were set for, in milliseconds. */
async function timers(id: string): Promise<number[]> {
  const { events } = await world.client.workflow.getHandle(giftWorkflowId(id)).fetchHistory();
  return (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer?.startToFireTimeout
      ? [Number(timer.startToFireTimeout.seconds) * 1000 + (timer.startToFireTimeout.nanos ?? 0) / 1e6]
      : [],
  );
}

describe("the times of a request", () => {
  it("to select an item outlives worker and server, and the next one is promoted by its end", {
    timeout: RESTARTED_WITHIN_MS,
  }, async () => {
    const first = await gifts.askAndServe();
    const second = await gifts.ask();
    const { timeout_at: timeoutAt } = await gifts.row(first.id);
    await restart();
    const ended = await gifts.until(first.id, "Failed");
    expect(ended.failure_reason).toBe("selection_timeout");
    expect(ended.updated_at.getTime()).toBeGreaterThanOrEqual(timeoutAt?.getTime() ?? Number.NaN);
    const [selectMs = 0] = await timers(first.id);
    expect(selectMs).toBeGreaterThan(0);
    expect(selectMs).toBeLessThanOrEqual(SELECT_MS);
    await gifts.until(second.id, "SelectingItem");
    await gifts.clear();
  });

  it("to confirm outlives them too, and what was told in time counts", { timeout: RESTARTED_WITHIN_MS }, async () => {
    const silent = await gifts.askAndSelect();
    const { timeout_at: timeoutAt } = await gifts.row(silent.id);
    await restart();
    const ended = await gifts.until(silent.id, "Failed");
    expect(ended.failure_reason).toBe("confirmation_timeout");
    expect(ended.updated_at.getTime()).toBeGreaterThanOrEqual(timeoutAt?.getTime() ?? Number.NaN);
    const agreeing = await gifts.askAndSelect();
    await world.stopWorker();
    // Nobody is there to take it, but it was told, and is not lost when its time is over.
    expect((await gifts.confirm(agreeing.id, true)).status).toBe(503);
    const { timeout_at: until } = await gifts.row(agreeing.id);
    await eventually(async () => Date.now() > (until?.getTime() ?? Number.NaN));
    await world.startWorker();
    await gifts.until(agreeing.id, "Completed");
    expect(await gifts.used()).toContain(agreeing.viewerId);
  });
});
