import { randomUUID } from "node:crypto";
import { badges } from "@mgm/simulator/twitch/viewers";
import { payoutAttentionWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, eventually, startWorld, type Won, type World } from "../../../temporal/test/world.ts";

const subscription = badges.subscriber(3);
const DESKTOP = "11111111-1111-4111-8111-111111111111";

let world: World;
let variant = 1;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function won(timings = {}): Promise<Won> {
  await world.database.query("delete from pool_entries");
  return await world.win(variant++, undefined, timings);
}

const patch = (id: string, status: string, desktop = DESKTOP): Promise<Answer> =>
  world.desktop("PATCH", `/api/payouts/${id}/status`, { status }, { id: desktop });
const confirm = (id: string, body?: unknown): Promise<Answer> =>
  world.desktop("POST", `/api/payouts/${id}/confirm-mail-sent`, body, { id: DESKTOP });
const accept = (id: string, characterName: string): Promise<Answer> =>
  world.desktop("POST", `/api/payouts/${id}/confirm-acceptance`, { characterName }, { id: DESKTOP });
const settle = (id: string, note = "looked at it"): Promise<Answer> =>
  world.desktop("POST", `/api/payouts/${id}/settle`, { note }, { id: DESKTOP });

async function cancelByBroadcaster(id: string): Promise<Answer> {
  const token = await world.token({ role: "broadcaster" });
  return await world.post(`/api/broadcaster/payouts/${id}/cancel`, undefined, token);
}

/** Brings a fresh payout into a status by the way that leads there. */
async function inStatus(status: string): Promise<Won> {
  const payout = await won();
  const steps: Record<string, string[]> = {
    Pending: [],
    InProgress: ["InProgress"],
    Sent: ["InProgress", "Sent"],
    Failed: ["Failed"],
    Cancelled: ["Cancelled"],
  };
  for (const step of steps[status] ?? []) expect((await patch(payout.payoutId, step)).status).toBe(200);
  return payout;
}

async function expired(): Promise<Won> {
  const payout = await won({ payoutTtlMs: 1, expiryGridMs: 1 });
  await eventually(async () => (await statusOf(payout.payoutId)) === "Expired");
  return payout;
}

async function statusOf(id: string): Promise<string> {
  const { rows } = await world.database.query("select status from payouts where payout_id = $1", [id]);
  return rows[0].status;
}

async function eventsOf(id: string): Promise<string[]> {
  const { rows } = await world.database.query(
    "select event, status, cause from payout_events where payout_id = $1 order by event_number",
    [id],
  );
  return rows.map((row) => `${row.event} ${row.status} ${row.cause}`);
}

const isEnrolled = async (user: string): Promise<boolean> =>
  (await world.database.query("select from pool_entries where twitch_user_id = $1", [user])).rowCount === 1;

describe("every change of status that a desktop may ask for", () => {
  const ok = 200;
  const terminal = "terminal_status_change_not_allowed";
  const forbidden = "status_change_not_allowed";
  it.each<[string, Record<string, number | string>]>([
    ["Pending", { Pending: ok, InProgress: ok, Sent: forbidden, Failed: ok, Cancelled: ok, Expired: forbidden }],
    ["InProgress", { Pending: ok, InProgress: ok, Sent: ok, Failed: ok, Cancelled: ok, Expired: forbidden }],
    [
      "Sent",
      { Pending: terminal, InProgress: terminal, Sent: ok, Failed: terminal, Cancelled: terminal, Expired: terminal },
    ],
    [
      "Failed",
      { Pending: terminal, InProgress: terminal, Sent: terminal, Failed: ok, Cancelled: terminal, Expired: terminal },
    ],
    [
      "Cancelled",
      { Pending: terminal, InProgress: terminal, Sent: terminal, Failed: terminal, Cancelled: ok, Expired: terminal },
    ],
    [
      "Expired",
      { Pending: terminal, InProgress: terminal, Sent: terminal, Failed: terminal, Cancelled: terminal, Expired: ok },
    ],
  ])("from %s", async (from, expected) => {
    let payout: Won | null = null;
    for (const [to, wanted] of Object.entries(expected)) {
      const isFresh = payout !== null && (await statusOf(payout.payoutId)) === from;
      if (payout === null || !isFresh) payout = from === "Expired" ? await expired() : await inStatus(from);
      const answer = await patch(payout.payoutId, to.toLowerCase());
      const told = answer.status === 200 ? answer.body.status : answer.body.code;
      expect({ to, told }).toEqual({ to, told: wanted === ok ? to : wanted });
      expect(answer.status).toBe(wanted === ok ? 200 : 409);
      expect(await statusOf(payout.payoutId)).toBe(wanted === ok ? to : from);
      if (wanted === ok && to !== from && payout !== null) payout = null;
    }
  });

  it("records who caused it", async () => {
    const byDesktop = await inStatus("InProgress");
    await patch(byDesktop.payoutId, "Pending");
    await patch(byDesktop.payoutId, "Failed");
    expect(await eventsOf(byDesktop.payoutId)).toEqual([
      "created Pending log",
      "status InProgress desktop",
      "status Pending desktop",
      "status Failed desktop",
    ]);
    const byBroadcaster = await inStatus("Pending");
    expect((await cancelByBroadcaster(byBroadcaster.payoutId)).body).toMatchObject({ status: "Cancelled" });
    expect((await eventsOf(byBroadcaster.payoutId)).at(-1)).toBe("status Cancelled broadcaster");
    const byOperator = await inStatus("InProgress");
    await world.client.workflow.getHandle(payoutWorkflowId(byOperator.payoutId)).cancel();
    await eventually(async () => (await statusOf(byOperator.payoutId)) === "Cancelled");
    expect((await eventsOf(byOperator.payoutId)).at(-1)).toBe("status Cancelled operator");
    const bySignal = await inStatus("InProgress");
    const handle = world.client.workflow.getHandle(payoutWorkflowId(bySignal.payoutId));
    await handle.signal("changeStatusSignal", { status: "Failed" });
    expect(await handle.result()).toMatchObject({ status: "Failed" });
    expect((await eventsOf(bySignal.payoutId)).at(-1)).toBe("status Failed operator");
  });

  it("knows no payout but ours", async () => {
    for (const id of [randomUUID(), "not-an-id"]) {
      expect(await patch(id, "Failed")).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    const { payoutId } = await inStatus("Pending");
    expect(await patch(payoutId, "Done")).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
    expect((await patch(payoutId.toUpperCase(), "Failed")).status).toBe(200);
  });

  it("believes a row that a restored backup brought back", async () => {
    const { payoutId } = await inStatus("InProgress");
    await world.database.query("update payouts set status = 'Pending', version = 1 where payout_id = $1", [payoutId]);
    expect(await patch(payoutId, "Failed")).toMatchObject({ status: 200, body: { status: "Failed" } });
    expect((await eventsOf(payoutId)).at(-1)).toBe("status Failed desktop");
  });

  it("believes a row that a worker wrote before it died", async () => {
    const ahead = (id: string, change: string) =>
      world.database.query(`update payouts set ${change}, version = version + 1 where payout_id = $1`, [id]);
    const begun = await inStatus("Pending");
    await ahead(begun.payoutId, `status = 'InProgress', held_by = '${DESKTOP}'`);
    expect(await patch(begun.payoutId, "Sent")).toMatchObject({ status: 200, body: { status: "Sent" } });
    const unlocked = await inStatus("InProgress");
    await ahead(unlocked.payoutId, "status = 'Pending', held_by = null");
    expect(await patch(unlocked.payoutId, "InProgress")).toMatchObject({ body: { status: "InProgress" } });
  });

  it("leaves no trace in the history when it is refused", async () => {
    const { payoutId } = await inStatus("Pending");
    await patch(payoutId, "Sent");
    const { events } = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).fetchHistory();
    expect((events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
  });
});

describe("who holds a payout", () => {
  const other = "22222222-2222-4222-8222-222222222222";
  it("is the desktop that made it InProgress, until it unlocks it", async () => {
    await world.database.query("delete from desktop_leases");
    const { payoutId } = await inStatus("InProgress");
    const again = await patch(payoutId, "InProgress");
    expect(again).toMatchObject({ status: 200, body: { heldBy: DESKTOP } });
    expect(await patch(payoutId, "InProgress", other)).toMatchObject({
      status: 409,
      body: { code: "held_by_other_desktop" },
    });
    expect((await patch(payoutId, "Pending", other)).body).toMatchObject({ status: "Pending", heldBy: null });
    expect((await patch(payoutId, "InProgress", other)).body).toMatchObject({ heldBy: other });
    expect((await patch(payoutId, "Sent")).body).toMatchObject({ status: "Sent", heldBy: other });
  });

  it("is the nil desktop when it sends no id, and an ill-formed id is refused", async () => {
    const { payoutId } = await inStatus("Pending");
    const unnamed = await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "InProgress" });
    expect(unnamed.body.heldBy).toBe("00000000-0000-0000-0000-000000000000");
    expect(await patch(payoutId, "Failed", "desktop-1")).toMatchObject({
      status: 400,
      body: { code: "invalid_payload" },
    });
  });
});

describe("a mail confirmation", () => {
  it.each(["Pending", "InProgress"])("makes a payout that is %s Sent", async (from) => {
    const payout = await inStatus(from);
    expect(await isEnrolled(payout.twitchUserId)).toBe(true);
    const answer = await confirm(payout.payoutId);
    expect(answer).toMatchObject({ status: 200, body: { status: "Sent", needsAttention: false } });
    expect(answer.body.mailConfirmedAt).not.toBeNull();
    expect(await isEnrolled(payout.twitchUserId)).toBe(false);
    const statuses = (await eventsOf(payout.payoutId)).filter((event) => event.startsWith("status"));
    expect(statuses).toEqual(
      ["status InProgress", "status Sent"].map((step, i) =>
        from === "InProgress" && i === 0 ? `${step} desktop` : `${step} log`,
      ),
    );
  });

  it("ends an entry for good: no older command brings it back, a newer one does", async () => {
    const { payoutId, twitchUserId: id, characterName } = await inStatus("Pending");
    await confirm(payoutId);
    const line = {
      chatter: { id, login: id, displayName: id },
      text: `!twgold ${characterName}`,
      badges: [subscription],
    };
    await world.chat.say(line, { timestamp: new Date(Date.now() - 5_000) });
    expect(await isEnrolled(id)).toBe(false);
    await world.chat.say(line);
    expect(await isEnrolled(id)).toBe(true);
  });

  it("may be the streamer's word", async () => {
    const { payoutId } = await inStatus("InProgress");
    expect((await confirm(payoutId, { byHand: true })).body).toMatchObject({ status: "Sent" });
    expect((await eventsOf(payoutId)).slice(-2)).toEqual(["mail_confirmed InProgress desktop", "status Sent desktop"]);
  });

  it("is only recorded after a Sent by hand, and does not throw out who enrolled again", async () => {
    const payout = await inStatus("Sent");
    await world.say({ id: payout.twitchUserId, displayName: "Again" }, `!twgold ${payout.characterName}`);
    const answer = await confirm(payout.payoutId);
    expect(answer.body).toMatchObject({ status: "Sent", needsAttention: false });
    expect(answer.body.mailConfirmedAt).not.toBeNull();
    expect(await isEnrolled(payout.twitchUserId)).toBe(true);
  });

  it.each(["Failed", "Cancelled", "Expired"])(
    "is never lost after %s: it needs attention until settled",
    async (end) => {
      const payout = end === "Expired" ? await expired() : await inStatus(end);
      const messages = world.twitch.chat.size;
      const answer = await confirm(payout.payoutId);
      expect(answer).toMatchObject({ status: 200, body: { status: end, needsAttention: true } });
      expect(await isEnrolled(payout.twitchUserId)).toBe(false);
      expect(world.twitch.chat.size).toBe(messages);
      const waiting = world.client.workflow.getHandle(payoutAttentionWorkflowId(payout.payoutId));
      expect((await waiting.describe()).status.name).toBe("RUNNING");
      expect((await settle(payout.payoutId)).body).toMatchObject({ status: end, needsAttention: false });
      await waiting.result();
      expect((await settle(payout.payoutId)).body).toMatchObject({ needsAttention: false });
      expect((await confirm(payout.payoutId)).body).toMatchObject({ status: end, needsAttention: false });
      expect(await eventsOf(payout.payoutId)).toContain(`mail_confirmed ${end} log`);
      expect(await eventsOf(payout.payoutId)).toContain(`settled ${end} desktop`);
    },
  );

  it("can be settled by an operator's signal", async () => {
    const { payoutId } = await inStatus("Failed");
    await confirm(payoutId);
    const waiting = world.client.workflow.getHandle(payoutAttentionWorkflowId(payoutId));
    await waiting.signal("settleSignal", { note: "" });
    const empty = waiting.executeUpdate("settle", { args: [{ note: "" }] });
    await expect(empty).rejects.toMatchObject({ cause: { type: "invalid_payload" } });
    await waiting.signal("settleSignal", { note: "asked the winner" });
    await waiting.result();
    expect((await settle(payoutId)).body.needsAttention).toBe(false);
    expect((await eventsOf(payoutId)).at(-1)).toBe("settled Failed operator");
  });

  it("has a slack after its expiry in which it still counts", async () => {
    const slackMs = 3_000;
    const { payoutId } = await won({ payoutTtlMs: 1, expiryGridMs: 1, slackMs });
    await eventually(async () => (await statusOf(payoutId)) === "Expired");
    const { rows } = await world.database.query("select updated_at, expires_at from payouts where payout_id = $1", [
      payoutId,
    ]);
    expect(rows[0].updated_at - rows[0].expires_at).toBeGreaterThanOrEqual(slackMs);
  });

  it("beats an expiry although nobody told the workflow of it", async () => {
    const { payoutId } = await won({ payoutTtlMs: 1, expiryGridMs: 1, slackMs: 2_000 });
    await world.database.query(
      "update payouts set mail_confirmed_at = now(), mail_confirmed_by = 'log' where payout_id = $1",
      [payoutId],
    );
    await eventually(async () => (await statusOf(payoutId)) === "Sent");
  });

  it("beats an expiry that is due while no worker is there", async () => {
    const payout = await won({ payoutTtlMs: 1_500, expiryGridMs: 1, slackMs: 3_000 });
    await world.stopWorker();
    expect((await confirm(payout.payoutId)).status).toBe(503);
    await eventually(async () => {
      const { rows } = await world.database.query(
        "select expires_at + interval '3100 milliseconds' < clock_timestamp() as due from payouts where payout_id = $1",
        [payout.payoutId],
      );
      return rows[0].due;
    });
    await world.startWorker();
    await eventually(async () => (await statusOf(payout.payoutId)) === "Sent");
    expect((await confirm(payout.payoutId)).body).toMatchObject({ status: "Sent", needsAttention: false });
  });

  it("of nothing is not found; a note must be of some length", async () => {
    expect(await confirm(randomUUID())).toMatchObject({ status: 404, body: { code: "not_found" } });
    const { payoutId } = await inStatus("Pending");
    for (const note of ["", "x".repeat(501), "nul\0"]) {
      expect(await settle(payoutId, note)).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
    }
  });
});

describe("acceptance", () => {
  it.each(["Pending", "InProgress"])("is taken once while %s", async (status) => {
    const { payoutId, characterName } = await inStatus(status);
    const first = await accept(payoutId, characterName.toLowerCase());
    expect(first).toMatchObject({ status: 200, body: { status } });
    expect(first.body.winnerAcceptedWillingToReceiveAt).not.toBeNull();
    const second = await accept(payoutId, characterName);
    expect(second.body.winnerAcceptedWillingToReceiveAt).toBe(first.body.winnerAcceptedWillingToReceiveAt);
    await patch(payoutId, "Failed");
    expect((await accept(payoutId, characterName)).status).toBe(200);
    expect(await accept(payoutId, "Somebody")).toMatchObject({
      status: 400,
      body: { code: "character_name_mismatch" },
    });
  });

  it.each(["Sent", "Failed", "Cancelled", "Expired"])(
    "is refused after %s when it never came before",
    async (status) => {
      const { payoutId, characterName } = status === "Expired" ? await expired() : await inStatus(status);
      expect(await accept(payoutId, characterName)).toMatchObject({
        status: 409,
        body: { code: "terminal_status_change_not_allowed" },
      });
      expect(await accept(payoutId, "Somebody")).toMatchObject({
        status: 400,
        body: { code: "character_name_mismatch" },
      });
    },
  );
});

describe("an operator's hand", () => {
  it.each<[string, unknown[]]>([
    ["changeStatusSignal", []],
    ["changeStatusSignal", [{ status: "Done" }]],
    ["changeStatusSignal", [{ status: "Failed", cause: "typo" }]],
    ["changeStatusSignal", [{ status: "Failed", desktopId: "abc" }]],
    ["acceptSignal", []],
    ["acceptSignal", [{ characterName: 5 }]],
    ["acceptSignal", [{ characterName: "Norinn", receivedAt: "today" }]],
    ["confirmMailSignal", ["{}"]],
    ["confirmMailSignal", [{ cause: "typo" }]],
  ])("may slip at %s with %j, and the payout goes on", async (signal, input) => {
    const { payoutId } = await inStatus("InProgress");
    const handle = world.client.workflow.getHandle(payoutWorkflowId(payoutId));
    await handle.signal(signal, ...input);
    expect(await patch(payoutId, "Pending")).toMatchObject({ status: 200, body: { status: "Pending" } });
    expect(await eventsOf(payoutId)).toHaveLength(3);
  });

  it.each<[string, unknown]>([
    ["changeStatus", { status: "Done" }],
    ["accept", { characterName: "Norinn", receivedAt: 1e300 }],
    ["confirmMail", { desktopId: "abc" }],
  ])("is told what was wrong with an update %s", async (update, input) => {
    const { payoutId } = await inStatus("InProgress");
    const handle = world.client.workflow.getHandle(payoutWorkflowId(payoutId));
    await expect(handle.executeUpdate(update, { args: [input] })).rejects.toMatchObject({
      cause: { type: "invalid_payload" },
    });
    expect((await patch(payoutId, "Pending")).status).toBe(200);
  });

  it("confirms a mail with its time on record, and accepts without naming one", async () => {
    const { payoutId, characterName } = await inStatus("Pending");
    const handle = world.client.workflow.getHandle(payoutWorkflowId(payoutId));
    await accept(payoutId, "Somebody");
    await handle.executeUpdate("accept", { args: [{ characterName }] });
    await handle.executeUpdate("confirmMail", { args: [{}] });
    const { rows } = await world.database.query("select * from payouts where payout_id = $1", [payoutId]);
    expect(rows[0]).toMatchObject({ status: "Sent", mail_confirmed_by: "operator", held_by: null });
    expect(rows[0].mail_confirmed_at).not.toBeNull();
    expect(await eventsOf(payoutId)).toEqual([
      "created Pending log",
      "accepted Pending operator",
      "mail_confirmed Pending operator",
      "status InProgress operator",
      "status Sent operator",
    ]);
  });
});

describe("a wait for attention that starts when somebody has looked already", () => {
  it("ends at once", async () => {
    const payout = await inStatus("Failed");
    await confirm(payout.payoutId);
    await settle(payout.payoutId);
    const workflowId = payoutAttentionWorkflowId(payout.payoutId);
    await world.client.workflow.getHandle(workflowId).result();
    const { broadcasterId, taskQueue } = world;
    const late = await world.client.workflow.start("payoutAttention", {
      workflowId,
      taskQueue,
      args: [{ broadcasterId, ...payout }],
    });
    await late.result();
  });
});

describe("a payout whose workflow an operator terminated", () => {
  it("answers 503, keeps a confirmation, and is Failed by the reconcile job", async () => {
    const payout = await inStatus("InProgress");
    const { payoutId } = payout;
    await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).terminate("by a test");
    expect(await patch(payoutId, "Failed")).toMatchObject({ status: 503, body: { code: "temporarily_unavailable" } });
    const confirmed = await confirm(payoutId);
    expect(confirmed.status).toBe(503);
    expect(confirmed.headers.get("Retry-After")).not.toBeNull();
    const report = await world.reconcile();
    expect(report).toMatchObject({ payoutsFailed: 1, attentionsStarted: 1 });
    const answer = await confirm(payoutId);
    expect(answer).toMatchObject({ status: 200, body: { status: "Failed", needsAttention: true } });
    expect(answer.body.mailConfirmedAt).not.toBeNull();
    expect(await isEnrolled(payout.twitchUserId)).toBe(false);
    expect(await world.reconcile()).toMatchObject({ payoutsFailed: 0, attentionsStarted: 0 });
    expect((await settle(payoutId)).body.needsAttention).toBe(false);
  });
});
