import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { recordGiftSent } from "@mgm/activities/db/gift/record-sent";
import { takeGiftNews } from "@mgm/activities/db/gift/take-news";
import { settleAttention } from "@mgm/activities/db/payout/settle-attention";
import { setPaused } from "@mgm/activities/db/spin/read-roulette";
import { giftDeliveryWorkflowId, payoutAttentionWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { PAYOUT_ATTENTION_WORKFLOW } from "@mgm/workflows/payout/messages";
import { payoutAttentionStart } from "@mgm/workflows/payout/start";
import { NEEDS_ATTENTION } from "@mgm/workflows/search-attributes";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectTaken, giftsOf } from "../test/gifts.ts";
import { eventually, randomName, report, startWorld, type Won, type World } from "../test/world.ts";
import { type RestoreReport, afterRestore as sweep } from "./after-restore.ts";
import { recordedRuns } from "./histories.ts";

/*
 * Rows that are older than Temporal, and workflows that are older than the rows, on the development server: the rows are put
 * back as a backup would put them, and a workflow that was set back is one that nobody told. `npm run test:server` does
 * the same with real backups of the real servers.
 */

let world: World;
let other: World;
let variant = 1;
beforeAll(async () => {
  world = await startWorld();
  other = await startWorld({ beside: world });
});
afterAll(async () => {
  await other.stop();
  await world.stop();
});
beforeEach(async () => {
  await world.database.query("delete from pool_entries");
  for (const { broadcasterId } of [world, other]) await setPaused(world.database, broadcasterId, false);
});

const SET_BACK = ["spin_cycles", "draws", "payouts", "payout_events", "pool_entries", "pool_exits"];

/** Makes a backup of what cycles and payouts change; returns how it is put back. */
async function backUp(): Promise<() => Promise<void>> {
  const all = (statement: (table: string) => string) => SET_BACK.map(statement).join(";");
  await world.database.query(
    all((table) => `drop table if exists kept_${table}; create table kept_${table} as table ${table}`),
  );
  return async () => {
    await world.database.query(
      `truncate ${SET_BACK.join()} cascade; ${all((table) => `insert into ${table} select * from kept_${table}`)}`,
    );
  };
}

const patch = (won: Won, status: string, at: World = world) =>
  expectTaken(() => at.desktop("PATCH", `/api/payouts/${won.payoutId}/status`, { status }));
const confirm = (won: Won, at: World = world) =>
  expectTaken(() => at.desktop("POST", `/api/payouts/${won.payoutId}/confirm-mail-sent`));
const settle = (won: Won) =>
  expectTaken(() => world.desktop("POST", `/api/payouts/${won.payoutId}/settle`, { note: "it is in the mailbox" }));
const run = (workflowId: string) => world.client.workflow.getHandle(workflowId);
const question = (won: Won) => payoutAttentionWorkflowId(won.payoutId);

/** Until a workflow that asks has seen in the row that it must. */
async function untilItWaits(workflowId: string): Promise<void> {
  await eventually(async () => {
    const history = await run(workflowId)
      .fetchHistory()
      .catch(() => null);
    return history?.events?.some(({ markerRecordedEventAttributes: marker }) => marker != null);
  });
}

async function failed(): Promise<Won> {
  await world.database.query("delete from pool_entries");
  const won = await world.win(variant++);
  await patch(won, "Failed");
  await run(payoutWorkflowId(won.payoutId)).result();
  return won;
}

/** A payout whose workflow was gone, which is why somebody is asked. */
async function vanished(): Promise<Won> {
  const won = await world.win(variant++);
  await run(payoutWorkflowId(won.payoutId)).terminate("by a test");
  await eventually(async () => (await world.reconcile()).payoutsFailed === 1);
  return won;
}

async function seen(won: Won) {
  const { items } = (await world.desktop("GET", "/api/payouts?limit=200")).body;
  return items.find(({ id }: { id: string }) => id === won.payoutId);
}

/** The same payout under an id that Temporal does not know, as when the time to keep its history is over. */
async function withoutHistory(won: Won): Promise<Won> {
  const payoutId = randomUUID();
  await world.database.query("update payouts set status = 'Failed' where payout_id = $1", [won.payoutId]);
  await world.database.query(
    `insert into payouts select (jsonb_populate_record(payouts, jsonb_build_object(
         'payout_id', $2::uuid, 'spin_cycle_id', $2::uuid, 'status', 'Pending'))).* from payouts where payout_id = $1`,
    [won.payoutId, payoutId],
  );
  return { ...won, payoutId };
}

const isEnrolled = async (won: Won): Promise<boolean> =>
  (await world.database.query("select from pool_entries where twitch_user_id = $1", [won.twitchUserId])).rowCount === 1;

/** What was done; whom nobody is drawn in is the same each time. */
function done({ spinsPaused, ...report }: RestoreReport): Partial<RestoreReport> {
  expect([...spinsPaused].sort()).toEqual(expect.arrayContaining([world.broadcasterId]));
  return Object.fromEntries(Object.entries(report).filter(([, names]) => names.length > 0));
}

describe("rows that are older than Temporal", () => {
  it("hear that a mail was confirmed after the end, although the question about it is settled", async () => {
    const won = await failed();
    const putBack = await backUp();
    expect((await confirm(won)).body.needsAttention).toBe(true);
    await settle(won);
    await run(question(won)).result();
    await putBack();
    expect([(await seen(won)).mailConfirmedAt, await isEnrolled(won)]).toEqual([null, true]);

    expect(done(await sweep(world))).toEqual({ attentionsSettled: [question(won)] });
    expect(await seen(won)).toMatchObject({
      status: "Failed",
      mailConfirmedAt: expect.any(String),
      needsAttention: false,
    });
    expect(await isEnrolled(won)).toBe(false);
    expect(done(await sweep(world))).toEqual({});
  });

  it("hear of a second question, which only a confirmation asks", async () => {
    const won = await vanished();
    await settle(won);
    const { runId } = await run(question(won)).describe();
    const putBack = await backUp();
    expect((await confirm(won)).body.needsAttention).toBe(true);
    await eventually(async () => (await run(question(won)).describe()).runId !== runId);
    await untilItWaits(question(won));
    await putBack();

    expect(done(await sweep(world))).toEqual({ attentionsReopened: [question(won)] });
    expect(await seen(won)).toMatchObject({ mailConfirmedAt: expect.any(String), needsAttention: true });
    expect(done(await sweep(world))).toEqual({});
    await settle(won);
    await run(question(won)).result();
  });

  it("keep an open question open, and what it was about, when an earlier answer is all that is newer", async () => {
    const won = await failed();
    await confirm(won);
    const putBack = await backUp();
    await settle(won);
    await run(question(won)).result();
    await putBack();
    expect(done(await sweep(world))).toEqual({});
    expect((await world.reconcile()).attentionsStarted).toBe(1);
    await settle(won);
  });

  it("take no run for a second question that had nothing to ask", async () => {
    const won = await vanished();
    await settle(won);
    await run(question(won)).result();
    const { broadcasterId, taskQueue } = world;
    await world.client.workflow.execute(PAYOUT_ATTENTION_WORKFLOW, {
      ...payoutAttentionStart({ broadcasterId, ...won }),
      workflowId: question(won),
      taskQueue,
    });
    await eventually(
      async () =>
        (await world.client.workflow.count(`WorkflowId = '${question(won)}' and ExecutionStatus = 'Completed'`))
          .count === 2,
    );
    expect(done(await sweep(world))).toEqual({});
    expect((await seen(won)).mailConfirmedAt).toBeNull();
  });
});

describe("cycles whose decision the rows do not know", () => {
  /** Drawn, and nothing reported: as a backup finds it during the verification. */
  async function drawn(): Promise<{ name: string; spinCycleId: string; workflowId: string }> {
    const name = randomName();
    await world.say({ id: `drawn-${name}`, displayName: name }, `!twgold ${name}`);
    return { name, ...(await world.spin(variant++)) };
  }
  const tell = ({ name, spinCycleId }: { name: string; spinCycleId: string }, online: boolean) =>
    world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, name, online));
  const taken = (cycle: { name: string; spinCycleId: string }, online: boolean) =>
    expectTaken(() => tell(cycle, online));
  const outcomeOf = async (spinCycleId: string) =>
    (
      await world.database.query(
        "select outcome, payout_id, reported_online from spin_cycles where spin_cycle_id = $1",
        [spinCycleId],
      )
    ).rows[0];

  it("become what their workflows had decided, and who won is not paid a second time", async () => {
    const won = await drawn();
    const offline = await drawn();
    const putBack = await backUp();
    const { payoutId } = (await taken(won, true)).body;
    await taken(offline, false);
    await patch({ payoutId } as Won, "Cancelled");
    await run(payoutWorkflowId(payoutId)).result();
    for (const { workflowId } of [won, offline]) await run(workflowId).result();
    await putBack();
    expect((await outcomeOf(won.spinCycleId)).outcome).toBeNull();

    const { cyclesAdvanced, ...others } = done(await sweep(world));
    expect(others).toEqual({ payoutsAdded: [payoutWorkflowId(payoutId)] });
    expect(cyclesAdvanced?.toSorted()).toEqual([won.workflowId, offline.workflowId].toSorted());
    expect(await outcomeOf(won.spinCycleId)).toEqual({ outcome: "won", payout_id: payoutId, reported_online: true });
    expect(await outcomeOf(offline.spinCycleId)).toEqual({
      outcome: "offline",
      payout_id: null,
      reported_online: false,
    });
    // The desktop is told what it was told before.
    expect((await tell(won, true)).body).toMatchObject({ outcome: "won", payoutId });
    expect(done(await sweep(world))).toEqual({});
    expect(await world.reconcile()).toMatchObject({ cyclesDecided: 0, payoutsStarted: 0 });
  });

  it("are left to a workflow that has not decided yet", async () => {
    const open = await drawn();
    expect(done(await sweep(world))).toEqual({});
    expect((await taken(open, false)).body.outcome).toBe("offline");
  });
});

describe("workflows that are older than the rows", () => {
  it("stop asking what was settled, and waiting for an item that was sent", async () => {
    const won = await failed();
    await confirm(won);
    await untilItWaits(question(won));
    const { broadcasterId, database } = world;
    const settlement = {
      broadcasterId,
      payoutId: won.payoutId,
      note: "seen",
      cause: "operator",
      at: Date.now(),
    } as const;

    const gifts = giftsOf(world);
    const { id } = await gifts.askAndComplete();
    const waiting = giftDeliveryWorkflowId(id);
    await eventually(() =>
      run(waiting)
        .describe()
        .catch(() => null),
    );
    await database.query(
      "update gift_requests set completed_at = completed_at - interval '1 hour' where gift_request_id = $1",
      [id],
    );
    await run(waiting).signal("news");
    await eventually(async () => (await run(waiting).describe()).typedSearchAttributes.get(NEEDS_ATTENTION));
    const sent = {
      broadcasterId,
      giftRequestId: id,
      cause: "log",
      desktopId: "11111111-1111-4111-8111-111111111111",
    } as const;

    // The server's list follows a moment later; whoever restores a backup takes longer than that.
    await eventually(async () => {
      const listed: string[] = [];
      const query = `TaskQueue = '${world.taskQueue}' and ExecutionStatus = 'Running'`;
      for await (const { workflowId } of world.client.workflow.list({ query })) listed.push(workflowId);
      return listed.includes(question(won)) && listed.includes(waiting);
    });
    await settleAttention(database, settlement);
    await recordGiftSent(database, { ...sent, receivedAt: Date.now() });
    await takeGiftNews(database, { broadcasterId, giftRequestId: id });
    expect(done(await sweep(world))).toEqual({ workflowsTold: [question(won), waiting] });
    await run(question(won)).result();
    expect(await run(waiting).result()).toMatchObject({ state: "Completed" });
    expect(done(await sweep(world))).toEqual({});
  });
});

describe("what Temporal no longer keeps", () => {
  it("is left out of the runs that are read", async () => {
    const { payoutId } = await failed();
    const workflowId = payoutWorkflowId(payoutId);
    const query = `WorkflowId = '${workflowId}'`;
    await eventually(async () => (await world.client.workflow.count(query)).count === 1);
    // Deleting takes Temporal up to half a minute, in which its lists are behind as this one is.
    const client = Object.create(world.client, {
      workflow: {
        value: Object.create(world.client.workflow, {
          list: {
            async *value() {
              for await (const info of world.client.workflow.list({ query }))
                yield* [info, { ...info, runId: randomUUID() }];
            },
          },
        }),
      },
    });
    const found: string[] = [];
    for await (const { info } of recordedRuns(client, query)) found.push(info.workflowId);
    expect(found).toEqual([workflowId]);
  });

  it("makes a question one that somebody must look at, in the command's status too, and owes nobody anew", async () => {
    const active = await withoutHistory(await world.win(variant++));
    const putBack = await backUp();
    await world.database.query("update payouts set status = 'Failed' where payout_id = $1", [active.payoutId]);
    await confirm(active);
    await untilItWaits(question(active));
    await putBack();
    expect(await seen(active)).toMatchObject({ status: "Pending" });

    const { status, told } = await command();
    expect(status).toBe(2);
    expect(done(JSON.parse(told))).toEqual({
      attentionsReopened: [question(active)],
      unsettled: [question(active)],
    });
    expect(await seen(active)).toMatchObject({ status: "Failed", needsAttention: true });
    expect(await world.reconcile()).toMatchObject({ payoutsStarted: 0, attentionsStarted: 0 });
    await settle(active);
  });
});

describe("npm run after-restore", () => {
  it("brings every channel together that either of the two knows, and pauses its spins", async () => {
    const lost: Won[] = [];
    const putBack = await backUp();
    for (const at of [world, other]) {
      const won = await at.win(variant++);
      await patch(won, "InProgress", at);
      await confirm(won, at);
      await run(payoutWorkflowId(won.payoutId)).result();
      lost.push(won);
    }
    await putBack();
    // A channel of which the rows know nothing any more.
    for (const table of ["draws", "draw_lists", "spin_cycles", "channels"]) {
      await world.database.query(`delete from ${table} where broadcaster_id = $1`, [other.broadcasterId]);
    }

    const { status, told } = await command();
    expect(status).toBe(0);
    const report: RestoreReport = JSON.parse(told);
    expect(report.spinsPaused.toSorted()).toEqual([world.broadcasterId, other.broadcasterId].toSorted());
    expect(done(report)).toEqual({ payoutsAdded: lost.map(({ payoutId }) => payoutWorkflowId(payoutId)) });
    for (const at of [world, other]) expect((await at.state()).paused).toBe(true);
    const { rows } = await world.database.query(
      "select broadcaster_id, status from payouts where payout_id = any($1)",
      [lost.map(({ payoutId }) => payoutId)],
    );
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining(
        [world, other].map(({ broadcasterId }) => ({ broadcaster_id: broadcasterId, status: "Sent" })),
      ),
    );
  });

  it("ends with status 1 where it cannot", async () => {
    expect((await command({ DATABASE_URL: "" })).status).toBe(1);
  });
});

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

async function command(settings: Record<string, string> = {}): Promise<{ status: number | null; told: string }> {
  const child = spawn(process.execPath, ["--import", LOADER, MAIN], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...world.environment, ...settings },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => {
    told += chunk.toString("utf8");
  });
  const [status] = await once(child, "close");
  return { status, told };
}
