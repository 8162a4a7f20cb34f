import { badges } from "@mgm/simulator/twitch/viewers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Gifts, giftsOf } from "../../../temporal/test/gifts.ts";
import { grantSubscriptions, twitchSettings } from "../../../temporal/test/twitch-grant.ts";
import { eventually, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld({ settings: twitchSettings() });
  gifts = giftsOf(world);
  await grantSubscriptions(world);
});
afterAll(() => world.stop());
afterEach(async () => {
  world.twitch.faults.clear();
  await gifts.clear();
  await world.database.query("delete from command_messages");
});

const chatter = (id: string) => ({ id, login: id, displayName: id.toUpperCase() });
const subscriber = [badges.subscriber(3)];
let next = 0;
/** Somebody whom Twitch knows as a subscriber. */
function freshViewer(): string {
  const viewer = `viewer-${next++}`;
  world.twitch.people.subscribe(viewer);
  return viewer;
}

async function results(): Promise<string[]> {
  const { rows } = await world.database.query<{ command: string; result: string }>(
    "select command, result from command_messages order by sent_at, received_at",
  );
  return rows.map(({ command, result }) => `${command} ${result}`);
}

const open = async () => (await gifts.list()).map(({ viewerId, characterName }) => [viewerId, characterName]);

describe("!twgift", () => {
  it.each([
    ["!twgift Norinn", "Norinn"],
    ["  !TWGIFT \t nORINN\u{E0000} ", "Norinn"],
    ["!twgift ёжик", "Ёжик"],
    // The longest: twelve letters of two bytes.
    ["!twgift щУКОщукощуко", "Щукощукощуко"],
  ])("%j asks for a gift for %s", async (text, name) => {
    const viewer = freshViewer();
    expect((await world.chat.say({ chatter: chatter(viewer), text, badges: subscriber })).status).toBe(200);
    expect(await open()).toEqual([[viewer, name]]);
    expect(await results()).toEqual(["twgift requested"]);
  });

  it.each(["!twgift", "!twgift two words", "!twgiftNorinn", "!twgifts Norinn", "say !twgift Norinn"])(
    "%j is no command and leaves no trace",
    async (text) => {
      expect((await world.chat.say({ chatter: chatter("viewer"), text, badges: subscriber })).status).toBe(200);
      expect(await open()).toEqual([]);
      expect(await results()).toEqual([]);
    },
  );

  it.each(['Nor"inn', "Nor'inn", "Nor|inn", "Nor]inn", "Norinn1", "N", "Abcdefghijklm", "Nоrinn", "Nor😀inn"])(
    "a name like %s is refused",
    async (name) => {
      await world.chat.say({ chatter: chatter("viewer"), text: `!twgift ${name}`, badges: subscriber });
      expect(await open()).toEqual([]);
      expect(await results()).toEqual(["twgift invalid_character_name"]);
    },
  );

  it("is for those whose badges show a subscription", async () => {
    const text = "!twgift Norinn";
    for (const worn of [[badges.premium], [badges.moderator, badges.vip], []]) {
      await world.chat.say({ chatter: chatter("stranger"), text, badges: worn });
    }
    expect(await results()).toEqual(Array(3).fill("twgift not_subscriber"));
    const founder = freshViewer();
    await world.chat.say({ chatter: chatter(founder), text, badges: [badges.founder(20)] });
    expect(await open()).toEqual([[founder, "Norinn"]]);
  });

  it("is not for the broadcaster, the bot, a shared chat's guests and other channels", async () => {
    const line = { text: "!twgift Norinn", badges: subscriber };
    await world.chat.say({ ...line, chatter: chatter(world.broadcasterId) });
    await world.chat.say({ ...line, chatter: chatter("bot") });
    await world.chat.say({ ...line, chatter: chatter("guest"), sourceBroadcasterId: "partner" });
    await world.chat.say({ ...line, chatter: chatter("viewer"), broadcasterId: "another" });
    expect(await open()).toEqual([]);
    expect(await results()).toEqual([]);
  });

  it("does not touch the gold pool, nor !twgold the queue", async () => {
    const viewer = freshViewer();
    await world.say(chatter(viewer), "!twgold Norinn");
    await world.say(chatter(viewer), "!twgift Zugzug");
    const { rows } = await world.database.query("select character_name from pool_entries");
    expect(rows).toEqual([{ character_name: "Norinn" }]);
    expect(await open()).toEqual([[viewer, "Zugzug"]]);
  });

  it("replaces nothing: a second one while one is open, and any after a gift, is refused", async () => {
    const viewer = freshViewer();
    const { id } = await gifts.askAndServe(viewer);
    await world.say(chatter(viewer), "!twgift Another");
    await gifts.select(id);
    await gifts.confirm(id, true);
    await world.say(chatter(viewer), "!twgift Another");
    await gifts.sent(id);
    await world.say(chatter(viewer), "!twgift Another");
    expect(await open()).toEqual([]);
    expect(await results()).toEqual([
      "twgift requested",
      "twgift gift_request_active",
      "twgift gift_already_used",
      "twgift gift_already_used",
    ]);
  });

  it("is counted once when the same message is delivered 50 times, and stays refused when it was", async () => {
    const viewer = freshViewer();
    const text = "!twgift Norinn";
    const message = world.chat.chatMessage({ chatter: chatter(viewer), text, badges: subscriber });
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.chat.send(message)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await open()).toEqual([[viewer, "Norinn"]]);
    const refused = world.chat.chatMessage({ chatter: chatter(viewer), text, badges: subscriber });
    await world.chat.send(refused);
    const [asked] = await gifts.list();
    await gifts.fail(asked?.id ?? "", "failed_by_streamer");
    await world.chat.send(refused, { retry: 1 });
    await world.chat.send(message, { retry: 1 });
    expect(await open()).toEqual([]);
    expect(await results()).toEqual(["twgift requested", "twgift gift_request_active"]);
  });

  it("answers 503 when the commit fails, and takes the request when it comes again", async () => {
    const viewer = freshViewer();
    const message = world.chat.chatMessage({ chatter: chatter(viewer), text: "!twgift Norinn", badges: subscriber });
    await world.database.query(`
      create function fail_commit() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$;
      create constraint trigger fail_commit after insert on gift_requests
        deferrable initially deferred for each row execute function fail_commit()`);
    const failed = await world.chat.send(message);
    await world.database.query("drop trigger fail_commit on gift_requests; drop function fail_commit");
    expect(failed.status).toBe(503);
    expect(await open()).toEqual([]);
    expect((await world.chat.send(message, { retry: 1 })).status).toBe(200);
    expect(await open()).toEqual([[viewer, "Norinn"]]);
  });
});

describe("Twitch, asked after the badges were believed", () => {
  it("and saying no fails the request, also one that waits behind another", async () => {
    const first = await gifts.askAndServe(freshViewer());
    const second = await gifts.ask();
    const row = await gifts.until(second.id, "Failed");
    expect(row.failure_reason).toBe("not_subscriber");
    expect((await gifts.row(first.id)).state).toBe("SelectingItem");
    expect(await gifts.used()).not.toContain(second.viewerId);
  });

  it("and saying no lets nobody be served who does not subscribe", async () => {
    const { id } = await gifts.ask();
    await gifts.until(id, "Failed");
    const story = (await gifts.events()).filter((event) => event.id === id);
    expect(story.map(({ event, reason }) => [event, reason])).toEqual([
      ["requested", null],
      ["failed", "not_subscriber"],
    ]);
  });

  it.each([
    ["down", { kind: "status", status: 503 }],
    ["breaking off", { kind: "reset" }],
    ["silent", { kind: "hang" }],
  ] as const)("and %s leaves the badges standing, and no webhook waits for it", async (_, fault) => {
    world.twitch.faults.add("subscriptions", fault, 3);
    const { id } = await gifts.ask();
    // The webhook has answered, and Twitch was not even asked to the end.
    expect((await gifts.row(id)).state).toBe("Pending");
    await gifts.until(id, "SelectingItem");
    expect(world.twitch.faults.pending("subscriptions")).toBe(0);
  });

  it("and slow holds nobody's place but its own: the order stays that of arrival", async () => {
    const slow = freshViewer();
    const quick = freshViewer();
    world.twitch.faults.add("subscriptions", { kind: "slow", delayMs: 1_500 });
    const first = await gifts.ask(slow);
    await eventually(async () => world.twitch.faults.pending("subscriptions") === 0);
    const second = await gifts.ask(quick);
    await gifts.until(first.id, "SelectingItem");
    expect((await gifts.row(second.id)).state).toBe("Pending");
    await gifts.fail(first.id, "failed_by_streamer");
    await gifts.until(second.id, "SelectingItem");
  });
});
