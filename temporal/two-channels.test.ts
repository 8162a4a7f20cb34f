import { randomUUID } from "node:crypto";
import type { DashboardDto } from "@mgm/domain/wire";
import { giftQueueWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { RECONCILE_WORKFLOW } from "@mgm/workflows/reconcile/messages";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectTaken, giftsOf } from "./test/gifts.ts";
import { grantSubscriptions, twitchSettings } from "./test/twitch-grant.ts";
import { eventually, report, startWorld, type World } from "./test/world.ts";

/*
 * Two channels side by side in one database, behind one Twitch application and on one worker, which is set up for the
 * first of them: whatever is done for the second can know of it by rows, workflow inputs and credentials only. Each has
 * an API process of its own; the second one's takes the desktops of both.
 */

let one: World;
let two: World;
beforeAll(async () => {
  const settings = { ...twitchSettings(), TWITCH_EXTENSION_CLIENT_ID: "our-extension" };
  one = await startWorld({ settings });
  const key = randomUUID();
  two = await startWorld({
    beside: one,
    settings: { ...settings, DESKTOP_API_KEYS: `${key},${one.broadcasterId}:${one.environment.DESKTOP_API_KEYS}` },
    desktopKey: key,
  });
});
afterAll(async () => {
  await two.stop();
  await one.stop();
});

const dashboard = async (world: World): Promise<DashboardDto> =>
  (await world.get("/api/broadcaster/dashboard", await world.token({ role: "broadcaster" }))).body;
const announcements = (world: World) =>
  one.twitch.chat.all().filter(({ broadcasterId }) => broadcasterId === world.broadcasterId);

/** Lets the one viewer in a channel's pool win, and the mail be sent. */
async function playPayout(world: World, name: string): Promise<string> {
  const { spinCycleId, candidate } = await world.spin();
  expect(candidate).toBe(name);
  const verified = await expectTaken(() =>
    world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, name, true)),
  );
  const path = `/api/payouts/${verified.body.payoutId}`;
  await expectTaken(() => world.desktop("POST", `${path}/confirm-acceptance`, { characterName: name }));
  await expectTaken(() => world.desktop("PATCH", `${path}/status`, { status: "InProgress" }));
  await expectTaken(() => world.desktop("POST", `${path}/confirm-mail-sent`));
  return verified.body.payoutId;
}

describe("two channels", () => {
  it("each spin their own pool, in which the same viewer holds the same name, and pay each on their own", async () => {
    const viewer = { id: "both", displayName: "Both" };
    for (const world of [one, two]) await world.say(viewer, "!twgold Norinn");
    expect([(await one.state()).poolParticipantCount, (await two.state()).poolParticipantCount]).toEqual([1, 1]);

    const [first, second] = await Promise.all([playPayout(one, "Norinn"), playPayout(two, "Norinn")]);
    for (const payoutId of [first, second]) {
      const end = await one.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
      expect(end).toEqual({ status: "Sent", announcement: "sent" });
    }
    expect([announcements(one).length, announcements(two).length]).toEqual([1, 1]);
    const { rows } = await one.database.query("select broadcaster_id, payout_id, status from payouts");
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        { broadcaster_id: one.broadcasterId, payout_id: first, status: "Sent" },
        { broadcaster_id: two.broadcasterId, payout_id: second, status: "Sent" },
      ]),
    );
  });

  it("show each on its own dashboard and to its own viewers what is its own", async () => {
    const [ofOne, ofTwo] = await Promise.all([dashboard(one), dashboard(two)]);
    expect([ofOne.spins.length, ofTwo.spins.length]).toEqual([1, 1]);
    expect(ofOne.spins[0]?.payoutId).not.toBe(ofTwo.spins[0]?.payoutId);
    const mine = async (world: World) =>
      (await world.get("/api/payouts/my-last", await world.token({ role: "viewer", userId: "both" }))).body.id;
    expect(await mine(one)).toBe(ofOne.spins[0]?.payoutId);
    expect(await mine(two)).toBe(ofTwo.spins[0]?.payoutId);
  });

  it("serve each one gift at a time, both at once, and use up each its own right", async () => {
    const queues = [giftsOf(one), giftsOf(two)] as const;
    const wishes = await Promise.all(queues.map((gifts) => gifts.askAndSelect("wisher")));
    const open = await one.database.query("select from gift_requests where state = 'WaitingConfirmation'");
    expect(open.rowCount).toBe(2);
    expect((await dashboard(one)).giftQueue.map(({ id }) => id)).toEqual([wishes[0]?.id]);
    expect((await dashboard(two)).giftQueue.map(({ id }) => id)).toEqual([wishes[1]?.id]);
    for (const [index, gifts] of queues.entries()) {
      const id = wishes[index]?.id ?? "";
      await expectTaken(() => gifts.confirm(id, true));
      await expectTaken(() => gifts.sent(id));
    }
    const { rows } = await one.database.query("select broadcaster_id from gift_use where twitch_user_id = 'wisher'");
    expect(rows.map((row) => row.broadcaster_id).sort()).toEqual([one.broadcasterId, two.broadcasterId].sort());
    for (const { broadcasterId } of [one, two]) {
      const queue = one.client.workflow.getHandle(giftQueueWorkflowId(broadcasterId));
      await eventually(async () => (await queue.describe()).status.name === "COMPLETED");
    }
  });

  it("are asked about by the channel's own grant: who subscribes to one does not to the other", async () => {
    await grantSubscriptions(one);
    expect((await dashboard(one)).missingGrants).not.toContain("broadcaster:channel:read:subscriptions");
    expect((await dashboard(two)).missingGrants).toContain("broadcaster:channel:read:subscriptions");
    await grantSubscriptions(two);
    one.twitch.people.subscribe("faithful");
    one.twitch.people.subscribe("fickle", two.broadcasterId);
    const claim = async (world: World, userId: string) => {
      const body = { characterName: "Zugzug", enrollmentRequestId: randomUUID() };
      return (await world.post("/api/payouts/claim", body, await world.token({ role: "viewer", userId }))).status;
    };
    expect([await claim(one, "faithful"), await claim(two, "faithful")]).toEqual([201, 403]);
    expect([await claim(one, "fickle"), await claim(two, "fickle")]).toEqual([403, 201]);

    // What the badges say is doubted by Twitch in the channel that the line was typed in.
    const gifts = giftsOf(two);
    const refused = await gifts.ask("faithful");
    expect((await gifts.until(refused.id, "Failed")).failure_reason).toBe("not_subscriber");
    const served = await giftsOf(one).askAndServe("faithful");
    expect((await giftsOf(one).row(served.id)).state).toBe("SelectingItem");
  });

  it("take each the tokens of their own, whatever role and path", async () => {
    const paths = ["/api/roulette/state", "/api/pool/me", "/api/payouts/my-last", "/api/broadcaster/dashboard"];
    const foreign = await one.token({ role: "broadcaster" });
    for (const path of paths) {
      expect(await two.get(path, foreign)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
      expect((await one.get(path, foreign)).status).not.toBe(401);
    }
    const ours = await two.token({ role: "viewer", userId: "faithful" });
    const queueOf = (world: World) => two.get(`/api/streamers/${world.broadcasterId}/gift-queue`, ours);
    expect(await queueOf(one)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect((await queueOf(two)).status).toBe(200);
  });

  it("open to each desktop its own channel, at the same process", async () => {
    const { rows } = await one.database.query("select payout_id from payouts where broadcaster_id = $1", [
      one.broadcasterId,
    ]);
    const key = one.environment.DESKTOP_API_KEYS ?? "";
    const asOne = await two.desktop("GET", "/api/payouts", undefined, { key });
    expect(asOne.body.items.map(({ id }: { id: string }) => id)).toEqual([rows[0].payout_id]);
    const asTwo = await two.desktop("GET", "/api/payouts");
    expect(asTwo.body.items).toHaveLength(1);
    expect(asTwo.body.items[0].id).not.toBe(rows[0].payout_id);
    // Each desktop has its channel's lease; neither stands in the other's way.
    for (const world of [one, two]) {
      const beat = { desktopVersion: "1" };
      const answer = await world.desktop("POST", "/api/desktop/heartbeat", beat, { id: randomUUID() });
      expect(answer.body.active).toBe(true);
    }
    expect((await one.desktop("GET", "/api/payouts", undefined, { key: two.desktopKey })).status).toBe(403);
  });

  it("publish each their own state, and pause each for themselves", async () => {
    for (const world of [one, two]) {
      const published = await one.twitch.pubSub.waitFor((sent) => sent.broadcasterId === world.broadcasterId);
      expect(JSON.parse(published.message)).toMatchObject({ v: 1 });
    }
    const put = await fetch(`${two.apiUrl}/api/broadcaster/spins`, {
      method: "PUT",
      headers: {
        Authorization: `Bearer ${await two.token({ role: "broadcaster" })}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ paused: true }),
    });
    expect(put.status).toBe(200);
    expect([(await one.state()).paused, (await two.state()).paused]).toEqual([false, true]);
  });

  it("draw while the gifts of many others wait for their streamers on the same worker", async () => {
    const others = Array.from({ length: 25 }, (_, i) => `crowd-${i}-${one.broadcasterId}`);
    await one.database.query(
      `insert into gift_requests (gift_request_id, broadcaster_id, twitch_user_id, twitch_display_name, character_name,
          origin, state, created_at, updated_at, timings)
        select gen_random_uuid(), channel, 'viewer', 'Viewer', 'Norinn', 'http', 'Pending', now(), now(), $2
          from unnest($1::text[]) channel`,
      [others, one.timings],
    );
    await Promise.all(
      others.map((broadcasterId) =>
        one.client.workflow.execute(RECONCILE_WORKFLOW, {
          workflowId: `reconcile-${broadcasterId}`,
          taskQueue: one.taskQueue,
          args: [{ broadcasterId, settleAfterMs: -60_000 }],
        }),
      ),
    );
    const served = "select from gift_requests where broadcaster_id = any($1) and state = 'SelectingItem'";
    await eventually(async () => (await one.database.query(served, [others])).rowCount === others.length);
    await one.say({ id: "late", displayName: "Late" }, "!twgold Garona");
    expect((await one.spin(1)).candidate).not.toBeNull();
    await Promise.all(others.map((id) => one.client.workflow.getHandle(giftQueueWorkflowId(id)).terminate()));
  });

  it("revoked at Twitch is the subscription of the channel that it was for", async () => {
    const rows = async () =>
      (await one.database.query("select broadcaster_id, status from eventsub_status order by status")).rows;
    await one.database.query("delete from eventsub_status");
    for (const { broadcasterId } of [one, two]) {
      await one.database.query(
        "insert into eventsub_status (broadcaster_id, status, since, due_at) values ($1, 'enabled', now(), now())",
        [broadcasterId],
      );
    }
    // Twitch calls the one address that the application has, which may be the other channel's process.
    const sender = one.twitch.events(`${two.apiUrl}/api/twitch/eventsub`, one.broadcasterId);
    expect((await sender.send(sender.revocation())).status).toBe(200);
    expect(await rows()).toEqual([
      { broadcaster_id: two.broadcasterId, status: "enabled" },
      { broadcaster_id: one.broadcasterId, status: "revoked" },
    ]);
  });
});
