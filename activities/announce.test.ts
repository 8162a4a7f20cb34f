import type { Fault } from "@mgm/simulator/twitch/faults";
import { payoutWorkflowId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, startWorld, type World } from "../temporal/test/world.ts";
import { claimAnnouncement, endAnnouncementAttempt } from "./db/payout/announcement-claim.ts";

let world: World;
let variant = 1;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.twitch.faults.clear();
  world.twitch.chat.clear();
});

/** A payout whose mail is confirmed while Twitch behaves as told; how it stands when the announcement has ended. */
async function sentUnder(
  faults: Fault[],
): Promise<{ answer: Answer; answeredMs: number; payoutId: string; requests: number; end: unknown }> {
  await world.database.query("delete from pool_entries");
  const { payoutId } = await world.win(variant++);
  const before = world.twitch.faults.requestCount("chat");
  for (const fault of faults) world.twitch.faults.add("chat", fault);
  const askedAt = performance.now();
  const answer = await world.desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`);
  const answeredMs = performance.now() - askedAt;
  const result = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
  return {
    answer,
    answeredMs,
    payoutId,
    requests: world.twitch.faults.requestCount("chat") - before,
    end: result.announcement,
  };
}

async function isAnnounced(payoutId: string): Promise<boolean> {
  const { body } = await world.desktop("GET", "/api/payouts");
  return body.items.find((item: { id: string }) => item.id === payoutId).isRewardSentAnnouncedToChat;
}

const refused: Fault = { kind: "status", status: 400, body: { message: "no" } };

describe("the announcement", () => {
  it("is posted once, and the request that made it Sent says so", async () => {
    const { answer, requests, end, payoutId } = await sentUnder([]);
    expect(answer).toMatchObject({ status: 200, body: { status: "Sent", isRewardSentAnnouncedToChat: true } });
    expect({ requests, end, messages: world.twitch.chat.size }).toEqual({ requests: 1, end: "sent", messages: 1 });
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Sent" });
    await world.desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`);
    expect(world.twitch.chat.size).toBe(1);
  });

  it("is posted after two answers that prove that nothing was", async () => {
    const { requests, end, payoutId } = await sentUnder([refused, { kind: "drop", code: "msg_rejected" }]);
    expect({ requests, end, messages: world.twitch.chat.size }).toEqual({ requests: 3, end: "sent", messages: 1 });
    expect(await isAnnounced(payoutId)).toBe(true);
  });

  it.each<[string, Fault[], number, string, number]>([
    ["three refusals", [refused, refused, refused, refused], 3, "failed", 0],
    ["three messages that were not sent", Array(4).fill({ kind: "drop", code: null }), 3, "failed", 0],
    ["a message that AutoMod holds", [{ kind: "drop", code: "automod_held" }], 1, "held", 0],
    ["an error of Twitch's after it posted", [{ kind: "status", status: 500, effect: true }], 1, "unknown", 1],
    ["an error of Twitch's", [{ kind: "status", status: 503 }], 1, "unknown", 0],
    ["a connection that broke after it posted", [{ kind: "reset", effect: true }], 1, "unknown", 1],
    ["half an answer", [{ kind: "cut", effect: true }], 1, "unknown", 1],
    ["no answer after it posted", [{ kind: "hang", effect: true }], 1, "unknown", 1],
  ])("ends with %s, and Sent stands", async (_, faults, requests, end, messages) => {
    const sent = await sentUnder(faults);
    expect({ requests: sent.requests, end: sent.end, messages: world.twitch.chat.size }).toEqual({
      requests,
      end,
      messages,
    });
    expect(sent.answer).toMatchObject({ status: 200, body: { status: "Sent", isRewardSentAnnouncedToChat: false } });
    expect(await isAnnounced(sent.payoutId)).toBe(false);
  });

  it("belongs to the newest attempt: one that comes back late writes nothing over it", async () => {
    await world.database.query("delete from pool_entries");
    const { payoutId } = await world.win(variant++);
    const claim = async () => {
      const claimed = await claimAnnouncement(world.database, { broadcasterId: world.broadcasterId, payoutId });
      return { payoutId, token: claimed.isOver ? "" : claimed.token };
    };
    const end = (attempt: { payoutId: string; token: string }, state: "refused" | "sent") =>
      endAnnouncementAttempt(world.database, attempt, { state });
    const first = await claim();
    expect(await end(first, "refused")).toBe(true);
    const second = await claim();
    expect(await end(first, "sent")).toBe(false);
    expect(await end(second, "sent")).toBe(true);
    expect(await end(second, "refused")).toBe(false);
    expect(await isAnnounced(payoutId)).toBe(true);
  });

  it("does not keep the caller waiting for longer than three seconds", async () => {
    const { answer, answeredMs } = await sentUnder([{ kind: "hang" }]);
    expect(answer.body.status).toBe("Sent");
    // What the contract promises, and half a second for a noisy machine.
    expect(answeredMs).toBeLessThan(3_500);
  });
});
