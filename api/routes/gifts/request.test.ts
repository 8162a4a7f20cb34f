import { giftWorkflowId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gifts, giftsOf } from "../../../temporal/test/gifts.ts";
import { grantSubscriptions, twitchSettings } from "../../../temporal/test/twitch-grant.ts";
import { type Answer, eventually, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
let gifts: Gifts;
let next = 0;
beforeAll(async () => {
  world = await startWorld({ settings: { ...twitchSettings(), LIMIT_WRITES: "100000", LIMIT_READS: "100000" } });
  gifts = giftsOf(world);
  await grantSubscriptions(world);
});
afterAll(() => world.stop());

/** A viewer whom Twitch knows as a subscriber. */
function subscriber(): string {
  const viewerId = `subscriber-${next++}`;
  world.twitch.people.subscribe(viewerId);
  return viewerId;
}

async function ask(userId: string | null, body: object = {}): Promise<Answer> {
  const token = await world.token(
    userId === null ? { role: "viewer", anonymous: "somebody" } : { role: "viewer", userId },
  );
  return await world.post(
    "/api/gift-requests",
    { streamerId: world.broadcasterId, characterName: "norinn", ...body },
    token,
  );
}

const refused = (code: string, status: number, details = {}) => ({ status, body: { code, details } });

describe("asking over HTTP", () => {
  it("adds a request, whose workflow follows, without asking Twitch again", async () => {
    const viewerId = subscriber();
    world.twitch.people.add({ id: viewerId, login: viewerId, displayName: "Вася" });
    const before = world.twitch.faults.requestCount("subscriptions");
    const { status, body } = await ask(viewerId);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        streamerId: world.broadcasterId,
        viewerId,
        viewerDisplayName: "Вася",
        characterName: "Norinn",
        state: "Pending",
        queuePosition: 1,
        estimatedWaitSeconds: 0,
        selectedItem: null,
        timeoutAt: null,
      },
    });
    await gifts.until(body.id, "SelectingItem");
    expect(world.twitch.faults.requestCount("subscriptions")).toBe(before + 1);
    expect(await ask(subscriber())).toMatchObject({ body: { queuePosition: 2, estimatedWaitSeconds: 65 } });
  });

  it("is answered while Temporal has no worker: the row is the effect", async () => {
    await world.stopWorker();
    const { status, body } = await ask(subscriber());
    expect(status).toBe(201);
    expect((await gifts.row(body.id)).state).toBe("Pending");
    await world.startWorker();
    const handle = world.client.workflow.getHandle(giftWorkflowId(body.id));
    await eventually(async () => (await handle.describe().catch(() => null))?.status.name === "RUNNING");
  });

  it("is for one open request at a time, once until it is completed, and never after", async () => {
    await gifts.clear();
    const viewerId = subscriber();
    const first = await ask(viewerId);
    expect(await ask(viewerId)).toMatchObject(refused("gift_request_active", 409));
    await gifts.until(first.body.id, "SelectingItem");
    await gifts.fail(first.body.id, "no_items_available");
    const second = await ask(viewerId);
    expect(second.status).toBe(201);
    await gifts.until(second.body.id, "SelectingItem");
    await gifts.select(second.body.id);
    expect(await ask(viewerId)).toMatchObject(refused("gift_request_active", 409));
    await gifts.confirm(second.body.id, true);
    expect(await ask(viewerId)).toMatchObject(refused("gift_already_used", 409));
    await gifts.sent(second.body.id);
    expect(await ask(viewerId)).toMatchObject(refused("gift_already_used", 409));
  });

  it("tells that the right is used up before it tells of an open request", async () => {
    const viewerId = subscriber();
    const first = await ask(viewerId);
    await gifts.fail(first.body.id, "failed_by_streamer");
    const open = await ask(viewerId);
    expect(open.status).toBe(201);
    await world.database.query("insert into gift_use values ($1, $2, $3, now())", [
      world.broadcasterId,
      viewerId,
      first.body.id,
    ]);
    expect(await ask(viewerId)).toMatchObject(refused("gift_already_used", 409));
    await gifts.fail(open.body.id, "failed_by_streamer");
  });

  it("adds one of many that a viewer asks for at once", async () => {
    const viewerId = subscriber();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(viewerId)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)]);
    await gifts.clear();
  });

  it.each([
    ["of another channel", { streamerId: "another" }, refused("forbidden", 403, { reason: "other_channel" })],
    ["without a name", { characterName: undefined }, refused("invalid_payload", 400)],
    ["without a streamer", { streamerId: undefined }, refused("invalid_payload", 400)],
    [
      "for a name with digits",
      { characterName: "Norinn1" },
      refused("invalid_character_name", 400, { reason: "letters" }),
    ],
    [
      "for a name with quotes",
      { characterName: "Nor'inn" },
      refused("invalid_character_name", 400, { reason: "letters" }),
    ],
    [
      "for a name with a bar",
      { characterName: "Nor|inn" },
      refused("invalid_character_name", 400, { reason: "letters" }),
    ],
    [
      "for a name of two scripts",
      { characterName: "Nоrinn" },
      refused("invalid_character_name", 400, { reason: "mixed_script" }),
    ],
    ["for a name of one letter", { characterName: "N" }, refused("invalid_character_name", 400, { reason: "length" })],
  ])("is refused %s", async (_, body, answer) => {
    expect(await ask(subscriber(), body)).toMatchObject(answer);
  });

  it("is refused to those who do not say who they are, to the broadcaster and to the bot", async () => {
    expect(await ask(null)).toMatchObject(refused("forbidden", 403, { reason: "identity_required" }));
    expect(await ask(world.broadcasterId)).toMatchObject(refused("forbidden", 403, { reason: "own_channel" }));
    expect(await ask("bot")).toMatchObject(refused("forbidden", 403, { reason: "own_channel" }));
  });

  it("takes Cyrillic names in canonical form", async () => {
    const { body } = await ask(subscriber(), { characterName: "ёЖИК" });
    expect(body.characterName).toBe("Ёжик");
  });
});

describe("Twitch, asked over HTTP", () => {
  it("must know the viewer as a subscriber", async () => {
    expect(await ask("stranger")).toMatchObject(refused("not_subscriber", 403));
  });

  it.each([
    ["is down", { kind: "status", status: 503 }],
    ["breaks off", { kind: "reset" }],
    ["does not answer", { kind: "hang" }],
  ] as const)("that %s is never a silent yes", async (_, fault) => {
    const viewerId = subscriber();
    world.twitch.faults.add("subscriptions", fault);
    expect(await ask(viewerId)).toMatchObject(refused("temporarily_unavailable", 503));
    expect((await ask(viewerId)).status).toBe(201);
  });

  it("whom nobody gave a grant says no to everybody", async () => {
    const viewerId = subscriber();
    const strict = await world.startApi({ TOKEN_ENCRYPTION_KEY: "" });
    const token = await world.token({ role: "viewer", userId: viewerId });
    const response = await fetch(`http://127.0.0.1:${strict.port}/api/gift-requests`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ streamerId: world.broadcasterId, characterName: "Norinn" }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "not_subscriber" });
  });
});
