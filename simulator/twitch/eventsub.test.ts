import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ReceivedPost, startCallback } from "./callback-fixture.ts";
import { type EventSubSender, eventSubSender } from "./eventsub.ts";
import { idSource } from "./ids.ts";
import { badges, crowdMember, viewer } from "./viewers.ts";

const secret = "a secret of ours";

let callback: Awaited<ReturnType<typeof startCallback>>;
let sender: EventSubSender;
beforeEach(async () => {
  callback = await startCallback();
  const newId = idSource("eventsub test");
  sender = eventSubSender({ callbackUrl: callback.url, secret, broadcasterId: "1001", botUserId: "1002", newId });
});
afterEach(() => callback.stop());

/** The rule as Twitch states it, written a second time on purpose. */
function signatureOf({ headers, body }: ReceivedPost): string {
  const signed = Buffer.concat([
    Buffer.from(`${headers["twitch-eventsub-message-id"]}${headers["twitch-eventsub-message-timestamp"]}`),
    body,
  ]);
  return `sha256=${createHmac("sha256", secret).update(signed).digest("hex")}`;
}

const received = (index = 0) => callback.received[index] as ReceivedPost;
const bodyOf = (post: ReceivedPost) => JSON.parse(post.body.toString("utf8"));

describe("a chat message", () => {
  it("arrives signed over id, time and raw bytes, with the headers of EventSub", async () => {
    const answer = await sender.say({ chatter: viewer("yozhik_v_tumane"), text: "!twgold Ёжик" });
    expect(answer.status).toBe(204);
    expect(received().headers["twitch-eventsub-message-signature"]).toBe(signatureOf(received()));
    expect(received().headers).toMatchObject({
      "twitch-eventsub-message-type": "notification",
      "twitch-eventsub-message-retry": "0",
      "twitch-eventsub-message-timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
      "twitch-eventsub-subscription-type": "channel.chat.message",
      "twitch-eventsub-subscription-version": "1",
    });
  });

  it("tells who, where, what and with which badges", async () => {
    await sender.say({ chatter: viewer("yozhik_v_tumane"), text: "!twgold Ёжик", messageId: "m-1" });
    expect(bodyOf(received())).toMatchObject({
      subscription: { status: "enabled", condition: { broadcaster_user_id: "1001", user_id: "1002" } },
      event: {
        broadcaster_user_id: "1001",
        chatter_user_id: "810000005",
        chatter_user_name: "Ёжик_в_тумане",
        message_id: "m-1",
        message: { text: "!twgold Ёжик", fragments: [{ type: "text", text: "!twgold Ёжик" }] },
        badges: [{ set_id: "founder", info: "25" }],
        source_broadcaster_user_id: null,
        source_badges: null,
        message_type: "text",
      },
    });
  });

  it("of a shared chat names its source and keeps the badges of both channels apart", async () => {
    const sourceBadges = [badges.subscriber(3)];
    await sender.say({ chatter: viewer("just_watching"), text: "hi", sourceBroadcasterId: "2002", sourceBadges });
    expect(bodyOf(received()).event).toMatchObject({
      broadcaster_user_id: "1001",
      source_broadcaster_user_id: "2002",
      source_message_id: expect.any(String),
      badges: [],
      source_badges: [{ set_id: "subscriber" }],
    });
  });

  it("can lack a field", async () => {
    await sender.say({ chatter: viewer("just_watching"), text: "hi", fields: { message_id: undefined } });
    expect(bodyOf(received()).event).not.toHaveProperty("message_id");
  });
});

describe("a delivery", () => {
  it("repeats id and bytes when the message is sent again", async () => {
    const message = sender.chatMessage({ chatter: viewer("norinn_fan"), text: "!twgold Norinn" });
    await sender.send(message);
    await sender.send(message, { retry: 1 });
    expect(received(1).body).toEqual(received(0).body);
    expect(received(1).headers["twitch-eventsub-message-id"]).toBe(message.messageId);
    expect(received(1).headers["twitch-eventsub-message-retry"]).toBe("1");
    expect(received(1).headers["twitch-eventsub-message-signature"]).toBe(signatureOf(received(1)));
  });

  it("can be old, and its time is signed as it stands", async () => {
    const timestamp = "2020-01-01T00:00:00.123456789Z";
    await sender.say({ chatter: viewer("norinn_fan"), text: "hi" }, { timestamp });
    expect(received().headers["twitch-eventsub-message-timestamp"]).toBe(timestamp);
    expect(received().headers["twitch-eventsub-message-signature"]).toBe(signatureOf(received()));
  });

  it("can bear a wrong signature or none", async () => {
    const message = sender.chatMessage({ chatter: viewer("norinn_fan"), text: "hi" });
    await sender.send(message, { badSignature: true });
    await sender.send(message, { badSignature: "missing" });
    expect(received(0).headers["twitch-eventsub-message-signature"]).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(received(0).headers["twitch-eventsub-message-signature"]).not.toBe(signatureOf(received(0)));
    expect(received(1).headers["twitch-eventsub-message-signature"]).toBeUndefined();
  });

  it("can carry any bytes, properly signed, and lack a header", async () => {
    const rawBody = Buffer.from([0xff, 0x00, 0xfe]);
    const headers = { "Twitch-Eventsub-Message-Type": null };
    await sender.send(sender.challenge(), { rawBody, headers });
    expect(received().body).toEqual(rawBody);
    expect(received().headers["twitch-eventsub-message-signature"]).toBe(signatureOf(received()));
    expect(received().headers["twitch-eventsub-message-type"]).toBeUndefined();
  });
});

it("sends a challenge and a revocation under their own types", async () => {
  await sender.send(sender.challenge("prove it"));
  await sender.send(sender.revocation("chat_user_banned"));
  expect(received(0).headers["twitch-eventsub-message-type"]).toBe("webhook_callback_verification");
  expect(bodyOf(received(0)).challenge).toBe("prove it");
  expect(received(1).headers["twitch-eventsub-message-type"]).toBe("revocation");
  expect(bodyOf(received(1)).subscription.status).toBe("chat_user_banned");
});

it("sends a burst whole, with the duplicates that were asked for, answers in order", async () => {
  const messages = Array.from({ length: 90 }, (_, i) =>
    sender.chatMessage({ chatter: crowdMember(i), text: `!twgold ${crowdMember(i).character}` }),
  );
  const answers = await sender.burst(messages, { concurrency: 8, duplicateEvery: 3 });
  expect(answers).toHaveLength(120);
  expect(answers.every(({ status }) => status === 204)).toBe(true);
  const ids = callback.received.map(({ headers }) => headers["twitch-eventsub-message-id"]);
  expect(ids).toHaveLength(120);
  expect(new Set(ids)).toEqual(new Set(messages.map(({ messageId }) => messageId)));
});

it("makes the same ids again from the same seed, and others without", () => {
  const take = (seed?: string) => Array.from({ length: 3 }, idSource(seed));
  expect(take("a")).toEqual(take("a"));
  expect(take("a")).not.toEqual(take("b"));
  expect(take()).not.toEqual(take());
  for (const id of take("a")) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
