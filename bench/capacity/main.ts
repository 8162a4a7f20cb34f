import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import type { PayoutDetailsDto } from "@mgm/domain/wire";
import { badges } from "@mgm/simulator/twitch/viewers";
import { giftDeliveryWorkflowId, giftWorkflowId, payoutWorkflowId, spinCycleWorkflowId } from "@mgm/workflows/ids";
import { RECONCILE_WORKFLOW } from "@mgm/workflows/reconcile/messages";
import { SPIN_CYCLE_WORKFLOW } from "@mgm/workflows/spin/messages";
import { costOfEach, historiesOf, type Reading, read } from "./meter.ts";
import { BROADCASTER, DESKTOP_KEY, type Rig, startRig, TIMINGS } from "./rig.ts";

/*
 * What one cycle, payout, gift, enrolment and minute of idling costs in events, rows, bytes, processor time and
 * Temporal's persistence requests: `npm run bench:capacity [-- --times 20]`, one line of JSON for each.
 * docs/explanation/capacity.md multiplies them by channels. Linux only.
 */

const { values } = parseArgs({ options: { times: { type: "string", default: "20" } } });
const times = Number(values.times);
const IDLE_MS = 20_000;
/** PostgreSQL counts what a session did a second later at most. */
const SETTLE_MS = 1_500;

const rig = await startRig(process.env);
let variant = 0;

async function measure(what: string, count: number, work: () => Promise<Histories>): Promise<void> {
  const look = async (): Promise<Reading> => {
    await delay(SETTLE_MS);
    return await read(rig.database, rig.processes, rig.temporalMetricsUrl);
  };
  const before = await look();
  const beganAt = performance.now();
  const histories = await work();
  const after = await look();
  const kinds = Object.entries(histories).map(async ([kind, ids]) => [kind, await historiesOf(rig.client, ids)]);
  const line = {
    bench: "capacity",
    what,
    times: count,
    secondsEach: Number(((performance.now() - beganAt - SETTLE_MS) / 1_000 / count).toFixed(3)),
    each: costOfEach(before, after, count),
    histories: Object.fromEntries(await Promise.all(kinds)),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Ids of the workflows that a stretch of work made, by kind. */
type Histories = Readonly<Record<string, readonly string[]>>;

async function desktop<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const response = await fetch(`${rig.apiUrl}${path}`, {
    method,
    headers: { "X-MGM-ApiKey": DESKTOP_KEY, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}`);
  return (await response.json()) as Body;
}

function name(): string {
  return `Q${Array.from(randomBytes(9), (byte) => String.fromCharCode(97 + (byte % 26))).join("")}`;
}

const chat = (of: Rig) => of.twitch.events(`${of.apiUrl}/api/twitch/eventsub`);

async function say(text: string): Promise<void> {
  const id = `u${randomBytes(6).toString("hex")}`;
  const chatter = { id, login: id, displayName: id };
  const { status } = await chat(rig).say({ chatter, text, badges: [badges.subscriber(1)] });
  if (status !== 200) throw new Error(`the webhook answered ${status}`);
}

/** A cycle of the pool as it is, up to its draw. */
async function draw(): Promise<{ workflowId: string; spinCycleId: string; characterName: string } | null> {
  variant += 1;
  const timings = { ...TIMINGS, intervalMs: TIMINGS.intervalMs + variant };
  const boundary = boundaryAt(Date.now(), timings.intervalMs);
  const workflowId = spinCycleWorkflowId(BROADCASTER, boundary);
  const args = [{ broadcasterId: BROADCASTER, timings, boundary }];
  await rig.client.workflow.start(SPIN_CYCLE_WORKFLOW, { workflowId, taskQueue: "mgm", args });
  for (;;) {
    const { rows } = await rig.database.query(
      "select spin_cycle_id, candidate_name from spin_cycles where workflow_id = $1",
      [workflowId],
    );
    const [row] = rows;
    if (row !== undefined) {
      const { spin_cycle_id: spinCycleId, candidate_name: characterName } = row;
      if (characterName !== null) return { workflowId, spinCycleId, characterName };
      await rig.client.workflow.getHandle(workflowId).result();
      return null;
    }
    await delay(10);
  }
}

async function reported(online: boolean): Promise<{ workflowId: string; payoutId: string | null; name: string }> {
  const drawn = await draw();
  if (drawn === null) throw new Error("the pool was empty");
  const { spinCycleId, characterName, workflowId } = drawn;
  const report = { schemaVersion: 1, spinCycleId, characterName, online, capturedAt: new Date().toISOString() };
  const { payoutId } = await desktop<{ payoutId: string | null }>("POST", "/api/roulette/verify-candidate", report);
  await rig.client.workflow.getHandle(workflowId).result();
  return { workflowId, payoutId, name: characterName };
}

async function repeat<Result>(work: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < times; i++) results.push(await work());
  return results;
}

async function pay(): Promise<[cycle: string, payout: string]> {
  await say(`!twgold ${name()}`);
  const { workflowId, payoutId, name: characterName } = await reported(true);
  if (payoutId === null) throw new Error("nobody won");
  const path = `/api/payouts/${payoutId}`;
  await desktop("POST", `${path}/confirm-acceptance`, { characterName });
  await desktop("PATCH", `${path}/status`, { status: "InProgress" });
  const { status } = await desktop<PayoutDetailsDto>("POST", `${path}/confirm-mail-sent`, {});
  if (status !== "Sent") throw new Error(`the payout is ${status}`);
  await rig.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
  return [workflowId, payoutWorkflowId(payoutId)];
}

async function give(): Promise<string> {
  await say(`!twgift ${name()}`);
  for (;;) {
    const open = await desktop<{ id: string; state: string }[]>("GET", "/api/gift-requests");
    const active = open.find(({ state }) => state === "SelectingItem");
    if (active === undefined) {
      await delay(20);
      continue;
    }
    const path = `/api/gift-requests/${active.id}`;
    const item = { name: "Frostweave Cloth", id: 33470, count: 20, link: "", texture: "", bagId: 0, slotId: 16 };
    await desktop("POST", `${path}/select-item`, { item });
    await desktop("POST", `${path}/confirm`, { confirmed: true });
    await desktop("POST", `${path}/sent`, {});
    await rig.client.workflow.getHandle(giftDeliveryWorkflowId(active.id)).result();
    return active.id;
  }
}

try {
  // The first of everything pays for caches, connections and plans.
  await pay();
  await give();
  await measure(`idle, one channel, ${IDLE_MS / 1_000} s, for each second`, IDLE_MS / 1_000, async () => {
    await delay(IDLE_MS - SETTLE_MS);
    return {};
  });
  await measure("cycle with an empty pool", times, async () => {
    await repeat(draw);
    return {};
  });
  await measure("enrolment by chat", times * 10, async () => {
    for (let i = 0; i < times * 10; i++) await say(`!twgold ${name()}`);
    return {};
  });
  await measure("cycle whose candidate is offline", times, async () => {
    const cycles = await repeat(() => reported(false));
    return { spinCycle: cycles.map(({ workflowId }) => workflowId) };
  });
  await rig.database.query("delete from pool_entries");
  await measure("enrolment, won cycle and payout up to Sent", times, async () => {
    const paid = await repeat(pay);
    return { spinCycle: paid.map(([cycle]) => cycle), payout: paid.map(([, payout]) => payout) };
  });
  await measure("gift up to sent", times, async () => {
    const given = await repeat(give);
    return { gift: given.map(giftWorkflowId), giftDelivery: given.map(giftDeliveryWorkflowId) };
  });
  await measure("run of the reconcile job", times, async () => {
    const ids = await repeat(async () => {
      variant += 1;
      const workflowId = `reconcile-bench-${variant}`;
      const args = [{ broadcasterId: BROADCASTER }];
      await rig.client.workflow.execute(RECONCILE_WORKFLOW, { workflowId, taskQueue: "mgm", args });
      return workflowId;
    });
    return { reconcile: ids };
  });
} finally {
  await rig.stop();
}
