import { randomUUID } from "node:crypto";
import { badges, crowdMember } from "@mgm/simulator/twitch/viewers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.database.query("truncate pool_entries, pool_exits, command_messages");
});

const chatter = (id: string) => ({ id, login: id, displayName: id.toUpperCase() });
const subscriber = [badges.subscriber(3)];

async function pool(): Promise<Record<string, string>> {
  const { rows } = await world.database.query<{ twitch_user_id: string; character_name: string }>(
    "select twitch_user_id, character_name from pool_entries order by twitch_user_id",
  );
  return Object.fromEntries(rows.map((row) => [row.twitch_user_id, row.character_name]));
}

async function results(): Promise<string[]> {
  const { rows } = await world.database.query<{ result: string }>(
    "select result from command_messages order by sent_at",
  );
  return rows.map((row) => row.result);
}

describe("what a chat line may say", () => {
  it.each([
    ["!twgold Norinn", "Norinn"],
    ["!TWGOLD norinn", "Norinn"],
    ["  !TwGold \t NORINN  ", "Norinn"],
    ["!twgold Norinn\u{E0000}", "Norinn"],
    ["!twgold ёжик", "Ёжик"],
    ["!twgold Żółwik", "Żółwik"],
    ["!twgold Zo\u0301lw", "Zólw"],
    ["!twgold Ab", "Ab"],
    ["!twgold Abcdefghijkl", "Abcdefghijkl"],
  ])("%j enrols as %s", async (text, name) => {
    expect((await world.chat.say({ chatter: chatter("viewer"), text, badges: subscriber })).status).toBe(200);
    expect(await pool()).toEqual({ viewer: name });
  });

  it.each([
    "!twgold",
    "!twgold ",
    "!twgold Two Words",
    "twgold Norinn",
    "!twgoldNorinn",
    "!twgolds Norinn",
    "say !twgold Norinn",
    "Norinn",
    "",
  ])("%j is no command and leaves no trace", async (text) => {
    expect((await world.chat.say({ chatter: chatter("viewer"), text, badges: subscriber })).status).toBe(200);
    expect(await pool()).toEqual({});
    expect(await results()).toEqual([]);
  });

  it.each([
    ["one letter", "A"],
    ["thirteen letters", "Abcdefghijklm"],
    ["digits", "Norinn1"],
    ["mixed script: a Cyrillic о among Latin letters", "Nоrinn"],
    ["mixed script: a Latin o among Cyrillic letters", "Нoринн"],
    ["a combining mark that no letter takes in", "Norin\u0336n"],
    ["punctuation", "Nor'inn"],
    ["an emoji", "Nor😀inn"],
    ["a full-width look-alike", "Ｎorinn"],
  ])("a name with %s is refused", async (_, name) => {
    const text = `!twgold ${name}`;
    expect((await world.chat.say({ chatter: chatter("viewer"), text, badges: subscriber })).status).toBe(200);
    expect(await pool()).toEqual({});
    expect(await results()).toEqual(["invalid_character_name"]);
  });
});

describe("who may say it", () => {
  const text = "!twgold Norinn";

  it("takes a founder for a subscriber", async () => {
    await world.chat.say({ chatter: chatter("viewer"), text, badges: [badges.founder(20)] });
    expect(await pool()).toEqual({ viewer: "Norinn" });
  });

  it.each([
    ["Prime Gaming is not a subscription", [badges.premium]],
    ["a moderator is no subscriber by that", [badges.moderator, badges.vip]],
    ["no badges", []],
  ])("refuses those who do not subscribe: %s", async (_, worn) => {
    await world.chat.say({ chatter: chatter("viewer"), text, badges: worn });
    expect(await pool()).toEqual({});
    expect(await results()).toEqual(["not_subscriber"]);
  });

  it("ignores the broadcaster and the bot", async () => {
    await world.chat.say({ chatter: chatter(world.broadcasterId), text, badges: subscriber });
    await world.chat.say({ chatter: chatter("bot"), text, badges: subscriber });
    expect(await pool()).toEqual({});
  });

  it("ignores a shared-chat partner's viewers, but not our own in a shared chat", async () => {
    await world.chat.say({ chatter: chatter("guest"), text, badges: subscriber, sourceBroadcasterId: "partner" });
    expect(await pool()).toEqual({});
    const sourceBroadcasterId = world.broadcasterId;
    await world.chat.say({ chatter: chatter("ours"), text, badges: subscriber, sourceBroadcasterId });
    expect(await pool()).toEqual({ ours: "Norinn" });
  });

  it("ignores another channel's chat", async () => {
    await world.chat.say({ chatter: chatter("viewer"), text, badges: subscriber, broadcasterId: "another" });
    expect(await pool()).toEqual({});
  });

  it("needs message id, chatter and text, and forgives the rest", async () => {
    for (const field of ["message_id", "chatter_user_id", "message"] as const) {
      const line = { chatter: chatter("viewer"), text, badges: subscriber, fields: { [field]: undefined } };
      expect((await world.chat.say(line)).status).toBe(200);
    }
    expect(await pool()).toEqual({});
    const fields = { broadcaster_user_id: undefined, chatter_user_name: undefined, color: undefined };
    await world.chat.say({ chatter: chatter("viewer"), text, badges: subscriber, fields });
    expect(await pool()).toEqual({ viewer: "Norinn" });
  });
});

describe("many at once", () => {
  it("enrols once when the same message is delivered 50 times", async () => {
    const message = world.chat.chatMessage({ chatter: chatter("viewer"), text: "!twgold Norinn", badges: subscriber });
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.chat.send(message)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await pool()).toEqual({ viewer: "Norinn" });
    expect(await results()).toEqual(["enrolled"]);
  });

  it("gives a name to exactly one of 200 viewers who race for it", async () => {
    const messages = Array.from({ length: 200 }, (_, i) =>
      world.chat.chatMessage({ chatter: chatter(`racer-${i}`), text: "!twgold Norinn", badges: subscriber }),
    );
    const answers = await world.chat.burst(messages, { concurrency: 200 });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(Object.values(await pool())).toEqual(["Norinn"]);
    const counted = (await results()).sort();
    expect(counted).toEqual([...Array(199).fill("character_name_taken_in_pool"), "enrolled"]);
  });

  it("loses none of 1,000 viewers who enrol at once", async () => {
    const deliver = async (number: number): Promise<void> => {
      const viewer = crowdMember(number);
      const text = `!twgold ${viewer.character}`;
      const message = world.chat.chatMessage({ chatter: viewer, text, badges: viewer.badges });
      // What is answered 503 comes again, as Twitch does it; every tenth comes again anyhow.
      await eventually(async () => (await world.chat.send(message)).status === 200);
      if (number % 10 === 0) expect((await world.chat.send(message, { retry: 1 })).status).toBe(200);
    };
    await Promise.all(Array.from({ length: 1_000 }, (_, number) => deliver(number)));
    expect(Object.keys(await pool())).toHaveLength(1_000);
  });

  it("refuses one of many who come at once without touching the others, whose lines may come twice", async () => {
    await world.database.query(`
      create function fail_one() returns trigger language plpgsql as $$ begin
        if new.character_name = 'Unlucky' then raise exception 'planted'; end if; return new; end $$;
      create trigger fail_one before insert on pool_entries for each row execute function fail_one()`);
    const names = ["Unlucky", ...Array.from({ length: 60 }, (_, number) => crowdMember(number).character)];
    const messages = names.map((name) =>
      world.chat.chatMessage({ chatter: chatter(`of-${name}`), text: `!twgold ${name}`, badges: subscriber }),
    );
    const answers = await world.chat.burst([...messages, ...messages], { concurrency: 122 });
    await world.database.query("drop trigger fail_one on pool_entries; drop function fail_one");
    const failed = answers.map(({ status }, place) => ({ status, name: names[place % names.length] }));
    expect(failed.filter(({ status }) => status !== 200)).toEqual(Array(2).fill({ status: 503, name: "Unlucky" }));
    expect(Object.values(await pool()).sort()).toEqual(names.slice(1).sort());
    expect(await results()).toEqual(Array(60).fill("enrolled"));
  });

  it("lets viewers swap names over and over without losing anybody", async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, round) =>
        ["one", "two"].map((id, i) =>
          world.say({ id, displayName: id }, `!twgold ${["Anna", "Berta", "Clara"][(round + i) % 3]}`),
        ),
      ).flat(),
    );
    const names = Object.values(await pool());
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
  });
});

describe("names", () => {
  it("are free at once when their holder takes another one", async () => {
    await world.say(chatter("first"), "!twgold Norinn");
    await world.say(chatter("first"), "!twgold Zugzug");
    await world.say(chatter("second"), "!twgold norinn");
    expect(await pool()).toEqual({ first: "Zugzug", second: "Norinn" });
  });

  it("are one name in any case", async () => {
    await world.say(chatter("first"), "!twgold ёжик");
    await world.say(chatter("second"), "!twgold ЁЖИК");
    expect(await pool()).toEqual({ first: "Ёжик" });
    expect(await results()).toEqual(["enrolled", "character_name_taken_in_pool"]);
  });
});

describe("messages that come late, twice or not at all", () => {
  it.each(["53100", "XX000"])(
    "answers 503 when the commit fails (%s), and enrols when it comes again",
    async (code) => {
      const message = world.chat.chatMessage({
        chatter: chatter("viewer"),
        text: "!twgold Norinn",
        badges: subscriber,
      });
      await world.database.query(`
      create function fail_commit() returns trigger language plpgsql as $$ begin
        raise exception 'planted' using errcode = '${code}'; end $$;
      create constraint trigger fail_commit after insert on command_messages
        deferrable initially deferred for each row execute function fail_commit()`);
      const failed = await world.chat.send(message);
      await world.database.query("drop trigger fail_commit on command_messages; drop function fail_commit");
      expect(failed.status).toBe(503);
      expect(await pool()).toEqual({});
      expect((await world.chat.send(message, { retry: 1 })).status).toBe(200);
      expect(await pool()).toEqual({ viewer: "Norinn" });
    },
  );

  it("lets a later command stand when an earlier one, once refused with 503, comes again", async () => {
    const early = world.chat.chatMessage({ chatter: chatter("viewer"), text: "!twgold Early", badges: subscriber });
    const late = world.chat.chatMessage({ chatter: chatter("viewer"), text: "!twgold Late", badges: subscriber });
    const [at, later] = [new Date(Date.now() - 20_000), new Date(Date.now() - 10_000)];
    await world.chat.send(late, { timestamp: later });
    expect((await world.chat.send(early, { timestamp: at, retry: 1 })).status).toBe(200);
    expect(await pool()).toEqual({ viewer: "Late" });
    expect(await results()).toEqual(["stale", "enrolled"]);
  });

  it("does not bring back who was removed by an older command, but by a newer one", async () => {
    await world.say(chatter("viewer"), "!twgold Norinn");
    const headers = { Authorization: `Bearer ${await world.token({ role: "moderator", userId: "mod" })}` };
    await fetch(`${world.apiUrl}/api/broadcaster/pool/viewer`, { method: "DELETE", headers });
    const line = { chatter: chatter("viewer"), text: "!twgold Zugzug", badges: subscriber };
    await world.chat.say(line, { timestamp: new Date(Date.now() - 5_000) });
    expect(await pool()).toEqual({});
    await world.chat.say(line);
    expect(await pool()).toEqual({ viewer: "Zugzug" });
  });

  it("keeps a refused command refused", async () => {
    await world.say(chatter("holder"), "!twgold Norinn");
    const refused = world.chat.chatMessage({ chatter: chatter("viewer"), text: "!twgold Norinn", badges: subscriber });
    await world.chat.send(refused);
    await world.say(chatter("holder"), "!twgold Zugzug");
    await world.chat.send(refused, { retry: 1 });
    expect(await pool()).toEqual({ holder: "Zugzug" });
  });

  it("takes a time to come for now, so that the viewer can still change their mind", async () => {
    const text = "!twgold Norinn";
    const line = { chatter: chatter("viewer"), text, badges: subscriber };
    await world.chat.say(line, { timestamp: new Date(Date.now() + 3_600_000) });
    await world.say(chatter("viewer"), "!twgold Zugzug");
    expect(await pool()).toEqual({ viewer: "Zugzug" });
  });

  it.each([
    ["old", "2020-01-01T00:00:00.000000000Z"],
    ["unreadable", "yesterday"],
    ["a bare number", "1"],
  ])("does not drop a first delivery whose timestamp is %s", async (_, timestamp) => {
    const line = { chatter: chatter("viewer"), text: "!twgold Norinn", badges: subscriber };
    expect((await world.chat.say(line, { timestamp })).status).toBe(200);
    expect(await pool()).toEqual({ viewer: "Norinn" });
  });
});

describe("the webhook's door", () => {
  it.each([
    ["wrong", true],
    ["missing", "missing"],
  ] as const)("refuses a %s signature before it parses", async (_, bad) => {
    const line = { chatter: chatter("viewer"), text: "!twgold Norinn", badges: subscriber };
    // A body that no parser would take: had it been parsed, the answer would be 400.
    expect((await world.chat.say(line, { badSignature: bad, rawBody: "{not json" })).status).toBe(401);
    expect((await world.chat.say(line, { badSignature: bad })).status).toBe(401);
    expect(await pool()).toEqual({});
  });

  it("answers a challenge with the challenge, and a body that is no object with 400", async () => {
    const challenge = randomUUID();
    const answer = await world.chat.send(world.chat.challenge(challenge));
    expect(answer).toMatchObject({ status: 200, body: challenge });
    expect(answer.contentType).toMatch(/^text\/plain/);
    const message = world.chat.challenge();
    for (const rawBody of ["[]", "null", "1", "{", ""]) {
      expect((await world.chat.send(message, { rawBody })).status).toBe(400);
    }
  });

  it("tells the message's type from the body when the header is missing", async () => {
    const line = { chatter: chatter("viewer"), text: "!twgold Norinn", badges: subscriber };
    const headers = { "Twitch-Eventsub-Message-Type": null, "Twitch-Eventsub-Subscription-Type": null };
    expect((await world.chat.say(line, { headers })).status).toBe(200);
    expect(await pool()).toEqual({ viewer: "Norinn" });
    expect((await world.chat.send(world.chat.revocation(), { headers })).status).toBe(200);
  });
});
