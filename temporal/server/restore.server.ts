import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@mgm/activities/db/migrate";
import { setPaused } from "@mgm/activities/db/spin/read-roulette";
import { giftDeliveryWorkflowId, payoutAttentionWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { NEEDS_ATTENTION, SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePortsBelow } from "../engines/free-port.ts";
import { type Postgres, startPostgres } from "../engines/postgres.ts";
import { clusterPortLimit, startTemporalCluster, type TemporalCluster } from "../engines/temporal-cluster.ts";
import { afterRestore, type RestoreReport } from "../restore/after-restore.ts";
import { ensureDatabases } from "../setup/databases.ts";
import { expectTaken, type Gifts, giftsOf } from "../test/gifts.ts";
import { eventually, startWorld, type Won, type World, report as whoReport } from "../test/world.ts";
import { copyOfAll, dump, pageAfterPuttingBack, putBack, unpackCopy } from "./test/backups.ts";
import { installedPostgres, serverPrograms } from "./test/programs.ts";

/*
 * Backups of one store that are older than the other store: what was paid stays paid, is told once, and counts; what is
 * still owed is paid once. Real dumps of a real PostgreSQL, with Temporal's production server on it.
 */

const silent = (): void => undefined;
const PASSWORD = "only-for-tests";

let folder: string;
let postgres: Postgres;
let cluster: TemporalCluster;
let world: World;
let gifts: Gifts;
let temporalPort: number;
let variant = 1;

const startDatabase = (dataDir: string): Promise<Postgres> =>
  startPostgres({ dataDir, password: PASSWORD, durable: false, log: silent, binaries: installedPostgres() });

async function startServer(): Promise<TemporalCluster> {
  return await startTemporalCluster({
    programs: await serverPrograms(),
    adminUrl: postgres.url("postgres"),
    name: "temporal",
    folder,
    port: temporalPort,
    namespace: "default",
    searchAttributes: SEARCH_ATTRIBUTES,
    log: silent,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-restore-"));
  // An installed initdb goes to its own folder and back, as a user who must be able to enter here.
  await chmod(folder, 0o755);
  [temporalPort = 0] = await freePortsBelow(clusterPortLimit, 1);
  postgres = await startDatabase(join(folder, "postgres"));
  await ensureDatabases(postgres.url("postgres"), [{ role: "mgm", password: PASSWORD, databases: ["mgm"] }]);
  const databaseUrl = Object.assign(new URL(postgres.url("mgm")), { username: "mgm" }).href;
  await migrate(databaseUrl);
  cluster = await startServer();
  // Nobody's time is over while a backup is made and put back.
  const timings = { giftSelectMs: 3_600_000, giftConfirmMs: 3_600_000 };
  world = await startWorld({ timings, engines: { databaseUrl, temporalAddress: cluster.address } });
  gifts = giftsOf(world);
}, 300_000);
afterAll(async () => {
  await world?.stop();
  await cluster?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const patch = (won: Won, status: string) =>
  expectTaken(() => world.desktop("PATCH", `/api/payouts/${won.payoutId}/status`, { status }));
const confirm = (won: Won) => world.desktop("POST", `/api/payouts/${won.payoutId}/confirm-mail-sent`);
const accept = (won: Won) =>
  expectTaken(() =>
    world.desktop("POST", `/api/payouts/${won.payoutId}/confirm-acceptance`, { characterName: won.characterName }),
  );
const settle = (won: Won) =>
  expectTaken(() => world.desktop("POST", `/api/payouts/${won.payoutId}/settle`, { note: "it is in the mailbox" }));
const run = (won: Won) => world.client.workflow.getHandle(payoutWorkflowId(won.payoutId));
const win = () => world.win(variant++);

async function winAndSend(): Promise<Won> {
  const won = await win();
  await patch(won, "InProgress");
  expect((await expectTaken(() => confirm(won))).body.status).toBe("Sent");
  await run(won).result();
  return won;
}

const delivery = (giftId: string) => world.client.workflow.getHandle(giftDeliveryWorkflowId(giftId));

/** Lets the hour pass after which a gift that was not sent is asked about. */
async function untilDue(giftId: string): Promise<void> {
  await world.database.query(
    "update gift_requests set completed_at = completed_at - interval '1 hour' where gift_request_id = $1",
    [giftId],
  );
  const told = () => delivery(giftId).signal("news");
  await eventually(() =>
    told().then(
      () => true,
      () => false,
    ),
  );
  await eventually(async () => (await delivery(giftId).describe()).typedSearchAttributes.get(NEEDS_ATTENTION));
}

async function rowOf(won: Won) {
  const { rows } = await world.database.query("select * from payouts where payout_id = $1", [won.payoutId]);
  return rows[0] ?? null;
}

/** What the desktop sees of a payout. */
async function seen(won: Won) {
  const { items } = (await world.desktop("GET", "/api/payouts?limit=200")).body;
  return items.find(({ id }: { id: string }) => id === won.payoutId) ?? null;
}

const isEnrolled = async (won: Won): Promise<boolean> =>
  (await world.database.query("select from pool_entries where twitch_user_id = $1", [won.twitchUserId])).rowCount === 1;

async function untilDatabaseAnswers(): Promise<void> {
  await eventually(async () => (await world.get("/readyz").catch(() => null))?.body.postgres === "ok");
}

/** What a moderator does when they have looked: until then nobody is drawn. */
const resumeSpins = () => setPaused(world.database, world.broadcasterId, false);

/** What was done beside pausing the spins, which it always does. */
async function sweep(): Promise<Omit<RestoreReport, "spinsPaused">> {
  const { spinsPaused, ...done } = await afterRestore(world);
  expect(spinsPaused).toEqual([world.broadcasterId]);
  return done;
}
const NOTHING: Omit<RestoreReport, "spinsPaused"> = {
  payoutsAdded: [],
  payoutsAdvanced: [],
  giftsAdded: [],
  giftsAdvanced: [],
  attentionsReopened: [],
  attentionsSettled: [],
  cyclesEnded: [],
  cyclesAdvanced: [],
  workflowsTold: [],
  unsettled: [],
};

/** No payout is in two rows, no viewer was told twice, and nothing hangs: what runs is what is owed. */
async function expectSound(messages: number): Promise<void> {
  const names = world.twitch.chat.all().map(({ text }) => text);
  expect(names).toHaveLength(messages);
  expect(new Set(names).size).toBe(messages);
  const { rows } = await world.database.query(
    "select payout_id, status, attention from payouts where status in ('Pending', 'InProgress') or attention = 'open'",
  );
  const owed = rows.map(({ payout_id: id, attention }) =>
    attention === "open" ? payoutAttentionWorkflowId(id) : payoutWorkflowId(id),
  );
  await eventually(async () => {
    const running: string[] = [];
    const query = `ExecutionStatus = 'Running' and (WorkflowType = 'payout' or WorkflowType = 'payoutAttention') and MgmBroadcaster = '${world.broadcasterId}'`;
    for await (const { workflowId } of world.client.workflow.list({ query })) running.push(workflowId);
    return running.toSorted().join() === owed.toSorted().join();
  });
}

describe("the page about backups", () => {
  it("brings the two together before anything runs, as is done here", () => {
    expect(pageAfterPuttingBack()).toEqual([
      "docker compose run --rm worker node temporal/.build/after-restore.js",
      "docker compose up --detach --wait",
    ]);
  });
});

describe.sequential("a product database that is older than Temporal", () => {
  it("is brought to what was paid, ended, agreed and given, and nothing is paid or told again", async () => {
    const paidLater = await win();
    const untouched = await win();
    await patch(paidLater, "InProgress");
    const failedLater = await win();
    // Drawn when the backup is made, and decided after it.
    await world.say({ id: "decided-later", displayName: "Decidedlater" }, "!twgold Decidedlater");
    const decidedLater = await world.spin(variant++);
    const settledLater = await win();
    await patch(settledLater, "Failed");
    const wish = await gifts.askAndServe();
    await dump(postgres.url("postgres"), "mgm", folder);

    const tellOfLater = () =>
      expectTaken(() =>
        world.desktop(
          "POST",
          "/api/roulette/verify-candidate",
          whoReport(decidedLater.spinCycleId, "Decidedlater", true),
        ),
      );
    const wonLater = { payoutId: (await tellOfLater()).body.payoutId } as Won;
    await eventually(() =>
      run(wonLater)
        .describe()
        .catch(() => null),
    );
    expect((await confirm(settledLater)).body.needsAttention).toBe(true);
    await settle(settledLater);
    expect((await expectTaken(() => confirm(paidLater))).body.status).toBe("Sent");
    await run(paidLater).result();
    const paidAndLost = await winAndSend();
    const held = await win();
    await accept(held);
    await patch(held, "InProgress");
    await patch(failedLater, "Failed");
    expect((await confirm(failedLater)).body.needsAttention).toBe(true);
    await expectTaken(() => gifts.select(wish.id));
    await expectTaken(() => gifts.confirm(wish.id, true));
    const lostWish = await gifts.askAndComplete();
    await expectTaken(() => gifts.sent(lostWish.id));
    await world.client.workflow.getHandle(giftDeliveryWorkflowId(lostWish.id)).result();
    // A cycle that is drawn and not decided when the database is lost.
    await world.say({ id: "undecided", displayName: "Undecided" }, "!twgold Undecided");
    const open = await world.spin(variant++);
    const messages = world.twitch.chat.size;

    await world.stopWorker();
    await putBack(postgres.url("postgres"), "mgm", "mgm", folder);
    await untilDatabaseAnswers();
    expect((await rowOf(paidLater)).status).toBe("InProgress");
    expect(await rowOf(paidAndLost)).toBeNull();

    const report = await sweep();
    expect({ ...report, payoutsAdvanced: report.payoutsAdvanced.toSorted() }).toEqual({
      ...NOTHING,
      payoutsAdded: [wonLater, paidAndLost, held].map(({ payoutId }) => payoutWorkflowId(payoutId)),
      payoutsAdvanced: [paidLater, failedLater].map(({ payoutId }) => payoutWorkflowId(payoutId)).toSorted(),
      giftsAdded: [`gift-${lostWish.id}`],
      giftsAdvanced: [`gift-${wish.id}`],
      attentionsReopened: [payoutAttentionWorkflowId(failedLater.payoutId)],
      attentionsSettled: [payoutAttentionWorkflowId(settledLater.payoutId)],
      cyclesEnded: [open.workflowId],
      cyclesAdvanced: [decidedLater.workflowId],
    });
    expect(await sweep()).toEqual(NOTHING);
    await world.startWorker();
    expect(await world.reconcile()).toMatchObject({
      payoutsStarted: 0,
      payoutsFailed: 0,
      giftsStarted: 0,
      giftsEnded: 0,
      cyclesDecided: 0,
    });
    expect((await tellOfLater()).body).toMatchObject({ outcome: "won", payoutId: wonLater.payoutId });

    for (const won of [paidLater, paidAndLost]) {
      expect(await seen(won)).toMatchObject({ status: "Sent" });
      expect((await seen(won)).mailConfirmedAt).not.toBeNull();
      expect(await isEnrolled(won)).toBe(false);
      // The desktop tells again what it told before.
      expect((await confirm(won)).body.status).toBe("Sent");
    }
    expect(await seen(held)).toMatchObject({ status: "InProgress", heldBy: "00000000-0000-0000-0000-000000000000" });
    expect((await seen(held)).winnerAcceptedWillingToReceiveAt).not.toBeNull();
    expect(await seen(failedLater)).toMatchObject({ status: "Failed", needsAttention: true });
    expect(await seen(settledLater)).toMatchObject({ status: "Failed", needsAttention: false });
    for (const won of [failedLater, settledLater]) {
      expect((await seen(won)).mailConfirmedAt).not.toBeNull();
      expect(await isEnrolled(won)).toBe(false);
    }
    expect(await seen(untouched)).toMatchObject({ status: "Pending" });
    expect((await world.state()).paused).toBe(true);
    expect(await gifts.row(wish.id)).toMatchObject({ state: "Completed", delivered_at: null });
    expect((await gifts.row(lostWish.id)).delivered_at).not.toBeNull();
    expect((await gifts.used()).toSorted()).toEqual([wish.viewerId, lostWish.viewerId].toSorted());
    expect(world.twitch.chat.size).toBe(messages);

    // What is owed is paid, once.
    expect((await expectTaken(() => confirm(held))).body.status).toBe("Sent");
    await run(held).result();
    for (const won of [untouched, wonLater]) {
      await patch(won, "InProgress");
      expect((await expectTaken(() => confirm(won))).body.status).toBe("Sent");
      await run(won).result();
    }
    await expectTaken(() => gifts.sent(wish.id));
    await expectSound(messages + 3);
  }, 300_000);
});

describe.sequential("a Temporal that is older than the product database", () => {
  it("catches up with what was paid, and goes on with what is owed", async () => {
    await world.database.query("delete from pool_entries");
    await resumeSpins();
    const paidLater = await win();
    const heldLater = await win();
    const settledLater = await win();
    await patch(settledLater, "Failed");
    expect((await confirm(settledLater)).body.needsAttention).toBe(true);
    const dueGift = await gifts.askAndComplete();
    await untilDue(dueGift.id);
    const wish = await gifts.askAndSelect();
    const databases = cluster.databases.map((url) => new URL(url).pathname.slice(1));
    // Each database is dumped by itself, so nothing may happen between the two.
    await world.stopWorker();
    await cluster.stop();
    for (const database of databases) await dump(postgres.url("postgres"), database, folder);
    cluster = await startServer();
    await world.startWorker();

    await patch(paidLater, "InProgress");
    expect((await expectTaken(() => confirm(paidLater))).body.status).toBe("Sent");
    await run(paidLater).result();
    await accept(heldLater);
    await patch(heldLater, "InProgress");
    await settle(settledLater);
    await expectTaken(() => gifts.sent(dueGift.id));
    await delivery(dueGift.id).result();
    const paidAndForgotten = await winAndSend();
    const heldAndForgotten = await win();
    await patch(heldAndForgotten, "InProgress");
    await expectTaken(() => gifts.confirm(wish.id, true));
    await expectTaken(() => gifts.sent(wish.id));
    const messages = world.twitch.chat.size;

    await world.stopWorker();
    await cluster.stop();
    for (const database of databases) await putBack(postgres.url("postgres"), database, "temporal", folder);
    cluster = await startServer();
    const report = await sweep();
    expect({ ...report, workflowsTold: report.workflowsTold.toSorted() }).toEqual({
      ...NOTHING,
      workflowsTold: [
        ...[paidLater, heldLater].map(({ payoutId }) => payoutWorkflowId(payoutId)),
        `gift-${wish.id}`,
        payoutAttentionWorkflowId(settledLater.payoutId),
        giftDeliveryWorkflowId(dueGift.id),
      ].toSorted(),
    });
    await world.startWorker();
    expect(await world.reconcile()).toMatchObject({
      payoutsStarted: 1,
      payoutsFailed: 0,
      giftsStarted: 0,
      giftsEnded: 0,
    });

    expect(await run(paidLater).result()).toMatchObject({ status: "Sent" });
    expect(await seen(paidAndForgotten)).toMatchObject({ status: "Sent" });
    expect((await gifts.row(wish.id)).delivered_at).not.toBeNull();
    // Neither waits for ever: Temporal remembers both as asking for somebody.
    await world.client.workflow.getHandle(payoutAttentionWorkflowId(settledLater.payoutId)).result();
    await delivery(dueGift.id).result();
    for (const won of [heldLater, heldAndForgotten]) {
      expect(await seen(won)).toMatchObject({ status: "InProgress" });
      expect((await expectTaken(() => confirm(won))).body.status).toBe("Sent");
      await run(won).result();
    }
    await expectSound(messages + 2);
  }, 300_000);
});

describe.sequential("a copy of the whole PostgreSQL", () => {
  it("holds both at one moment: everything goes on from there by itself", async () => {
    await world.database.query("delete from pool_entries");
    await resumeSpins();
    const held = await win();
    await patch(held, "InProgress");
    const messages = world.twitch.chat.size;
    await copyOfAll(postgres.url("postgres"), folder);
    const lost = await win();

    await world.stopWorker();
    await cluster.stop();
    const { port } = postgres;
    await postgres.stop();
    const dataDir = await unpackCopy(postgres.url("postgres"), folder);
    postgres = await startPostgres({
      dataDir,
      port,
      password: PASSWORD,
      durable: false,
      log: silent,
      binaries: installedPostgres(),
    });
    cluster = await startServer();
    await world.startWorker();
    await untilDatabaseAnswers();
    expect(await sweep()).toEqual(NOTHING);
    expect(await seen(lost)).toBeNull();
    expect((await expectTaken(() => confirm(held))).body.status).toBe("Sent");
    await run(held).result();
    await expectSound(messages + 1);
  }, 300_000);
});
