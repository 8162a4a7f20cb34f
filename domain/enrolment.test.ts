import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ChatMessage,
  type EnrolmentStanding,
  ignoredChat,
  isOwnAccount,
  isStaleCommand,
  isSubscriberByBadges,
  judgeEnrolment,
} from "./enrolment.ts";

const VIEWER = "100";
const newcomer: EnrolmentStanding = {
  hasActivePayout: false,
  countedCopper: 0,
  nameHolder: null,
  enteredAt: null,
  leftAt: null,
};

describe("isStaleCommand", () => {
  it.each<[string, Partial<EnrolmentStanding>, boolean]>([
    ["nothing is known of the viewer", {}, false],
    ["it is older than the present entry", { enteredAt: 1001 }, true],
    ["it is as old as the present entry", { enteredAt: 1000 }, false],
    ["it is newer than the present entry", { enteredAt: 999 }, false],
    ["it is older than the end of the last entry", { leftAt: 1001 }, true],
    ["it is as old as the end of the last entry", { leftAt: 1000 }, false],
    ["it is newer than the end of the last entry", { leftAt: 999 }, false],
    ["it stands between an entry and its end", { enteredAt: 999, leftAt: 1001 }, true],
    ["it stands between an end and the entry after it", { enteredAt: 1001, leftAt: 999 }, true],
    ["entry and end lie behind", { enteredAt: 998, leftAt: 999 }, false],
    ["an end at the epoch is known", { leftAt: 0 }, false],
  ])("judges a command when %s", (_, known, expected) => {
    expect(isStaleCommand({ ...newcomer, ...known }, 1000)).toBe(expected);
  });
});

describe("judgeEnrolment", () => {
  it.each<[string, Partial<EnrolmentStanding>, string | null]>([
    ["a newcomer under a free name", {}, null],
    ["a viewer who keeps the name", { nameHolder: VIEWER }, null],
    ["a name of another viewer", { nameHolder: "200" }, "character_name_taken_in_pool"],
    ["a viewer with nine payouts", { countedCopper: 90_000_000 }, null],
    ["a viewer at the cap", { countedCopper: 100_000_000 }, "lifetime_cap_reached"],
    ["a viewer with an active payout", { hasActivePayout: true }, "active_payout_exists"],
    ["an old entry and a newer one", { enteredAt: 5, leftAt: 3 }, null],
  ])("answers %s", (_, known, expected) => {
    expect(judgeEnrolment({ ...newcomer, ...known }, VIEWER)?.code ?? null).toBe(expected);
  });

  it("tells the active payout first, then the cap, then the name", () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom(0, 90_000_000, 100_000_000),
        fc.constantFrom(null, VIEWER, "200"),
        (hasActivePayout, countedCopper, nameHolder) => {
          const codes: string[] = [];
          if (hasActivePayout) codes.push("active_payout_exists");
          if (countedCopper === 100_000_000) codes.push("lifetime_cap_reached");
          if (nameHolder === "200") codes.push("character_name_taken_in_pool");
          const refusal = judgeEnrolment({ ...newcomer, hasActivePayout, countedCopper, nameHolder }, VIEWER);
          expect(refusal?.code).toBe(codes[0]);
        },
      ),
    );
  });
});

describe("ignoredChat", () => {
  const channel = { broadcasterId: "1", botUserId: "2" };
  const said: ChatMessage = { broadcasterId: "1", chatterId: VIEWER, badges: [], sourceBroadcasterId: null };

  it.each<[string, Partial<ChatMessage>, string | null]>([
    ["a viewer's message", {}, null],
    ["a message that shared chat marks as ours", { sourceBroadcasterId: "1" }, null],
    ["a shared-chat partner's message", { sourceBroadcasterId: "9" }, "shared_chat"],
    ["another channel's message", { broadcasterId: "9" }, "other_channel"],
    ["the broadcaster's own message", { chatterId: "1" }, "own_channel"],
    ["the bot's message", { chatterId: "2" }, "own_channel"],
    ["the bot's message in a partner's chat", { chatterId: "2", sourceBroadcasterId: "9" }, "shared_chat"],
  ])("judges %s", (_, change, expected) => {
    expect(ignoredChat({ ...said, ...change }, channel)).toBe(expected);
  });

  it("listens to everybody but the broadcaster where there is no bot", () => {
    const withoutBot = { broadcasterId: "1", botUserId: null };
    expect(ignoredChat({ ...said, chatterId: "2" }, withoutBot)).toBeNull();
    expect(ignoredChat({ ...said, chatterId: "1" }, withoutBot)).toBe("own_channel");
  });

  it("does not look at badges", () => {
    expect(ignoredChat({ ...said, badges: ["premium"] }, channel)).toBeNull();
  });
});

describe("isOwnAccount", () => {
  it.each([
    ["1", true],
    ["2", true],
    ["12", false],
    ["", false],
  ])("answers for user %j", (twitchUserId, expected) => {
    expect(isOwnAccount(twitchUserId, { broadcasterId: "1", botUserId: "2" })).toBe(expected);
  });
});

describe("isSubscriberByBadges", () => {
  it.each<[string[], boolean]>([
    [["subscriber"], true],
    [["founder"], true],
    [["moderator", "subscriber", "premium"], true],
    [[], false],
    [["premium"], false],
    [["moderator", "vip", "premium", "turbo"], false],
    [["sub-gifter"], false],
    [["subscribers"], false],
    [["SUBSCRIBER"], false],
  ])("reads the badges %j", (badges, expected) => {
    expect(isSubscriberByBadges(badges)).toBe(expected);
  });
});
