import { GIFT_FAILURE_REASONS, type GiftFailureReason } from "@mgm/domain/gift";
import { describe, expect, it } from "vitest";
import { BOUNDARY, giftQueue, giftRequest, membership, NOW, payout, spun, state } from "../../test/scenes.ts";
import en from "../texts/en.json";
import { fill } from "../texts/texts.ts";
import { NOTHING_SEEN, type Sight } from "../viewing/sight.ts";
import { type PanelInput, panelView } from "./panel-view.ts";

const known = { kind: "known", role: "viewer", channelId: "1" } as const;
const seen = (more: Partial<Sight> = {}): Sight => ({
  ...NOTHING_SEEN,
  onlooker: known,
  state: state(),
  membership: membership("Норинн"),
  ...more,
});
const view = (sight: Sight, more: Partial<PanelInput> = {}) =>
  panelView({
    sight,
    texts: en,
    language: "en",
    now: NOW,
    retryInMs: null,
    version: "0.1.0",
    dismissedPayoutId: null,
    ...more,
  });
const failed = (failureReason: GiftFailureReason) => ({ state: "Failed", failureReason }) as const;
const CLOTH = { name: "Frostweave Cloth", id: 33_470, count: 17, link: "", texture: "", bagId: 0, slotId: 3 };
const accepted = { winnerAcceptedWillingToReceiveAt: new Date(NOW).toISOString() };

describe("the card about the viewer", () => {
  it.each([
    ["nothing is known yet", NOTHING_SEEN, en.you.loadingTitle],
    ["somebody is logged out", seen({ onlooker: { ...known, kind: "anonymous" } }), en.you.anonymousTitle],
    ["somebody has not shared", seen({ onlooker: { ...known, kind: "unshared" } }), en.you.unsharedTitle],
    ["a viewer is not in the pool", seen({ membership: membership(null) }), en.you.joinTitle],
    ["a viewer is in the pool", seen(), fill(en.you.inTitle, { name: "Норинн" })],
    ["gold could not be sent", seen({ payout: payout({ status: "Failed" }) }), en.payout.failedTitle],
    ["the payout was cancelled", seen({ payout: payout({ status: "Cancelled" }) }), en.payout.cancelledTitle],
    ["the payout has expired", seen({ payout: payout({ status: "Expired" }) }), en.payout.expiredTitle],
  ])("when %s", (_, sight, title) => expect(view(sight).you.title).toBe(title));

  it.each([
    ["the answer is awaited", payout(), en.payout.pending, "!twgold", 2],
    ["the answer has come", payout(accepted), en.payout.pending, "", 3],
    ["the mail is being sent", payout({ ...accepted, status: "InProgress" }), en.payout.inProgress, "", 3],
  ])("tells a winner how far it is: %s", (_, mine, chip, phrase, reached) => {
    const { you, more, isBusy } = view(seen({ payout: mine }));
    expect({ chip: you.chip, phrase: you.phrase, isBusy }).toEqual({ chip, phrase, isBusy: true });
    expect(you.steps.map((step) => step.state).indexOf("now")).toBe(reached);
    // Whom to trust is never left out.
    expect(`${you.text} ${more.text}`).toContain("Gnomoteka");
    expect(you.text).toContain("Icecrown");
  });

  it("names nobody whom it does not know, and says so", () => {
    const { you, more } = view(seen({ payout: payout(), state: state({ streamer: null, acceptPhrase: "twgold" }) }));
    expect(you.text).toBe(en.payout.answerUnknown);
    expect(you.phrase).toBe("twgold");
    expect(more.text).not.toContain("{streamer}");
  });

  it("forgets what was put away, what is old, and the gold of one who has joined again", () => {
    const failed = payout({ status: "Failed" });
    const inPool = fill(en.you.inTitle, { name: "Норинн" });
    expect(view(seen({ payout: failed }), { dismissedPayoutId: failed.id }).you.title).toBe(inPool);
    expect(view(seen({ payout: failed }), { now: NOW + 72 * 3_600_000 }).you.title).toBe(inPool);
    const sent = payout({ ...accepted, status: "Sent" });
    expect(view(seen({ payout: sent })).you.title).toBe(inPool);
    expect(view(seen({ payout: sent, membership: membership(null) })).you.title).toBe(en.payout.sentTitle);
  });

  it("keeps an active payout on the table whatever was put away, and however old it is", () => {
    const { you } = view(seen({ payout: payout() }), { dismissedPayoutId: payout().id, now: NOW + 72 * 3_600_000 });
    expect(you.steps).not.toEqual([]);
  });
});

describe("the card below", () => {
  it.each(["won", "offline", "unverified", "refused"] as const)("tells of the last draw: %s", (outcome) => {
    const { more } = view(seen({ state: state({ lastSpin: spun(outcome, "Осень") }) }));
    expect(more.text).toBe(fill(en.last[outcome], { name: "Осень", gold: "1,000" }));
  });

  it.each([
    ["Pending", { state: "Pending" }],
    ["SelectingItem", { state: "SelectingItem" }],
    ["WaitingConfirmation", { state: "WaitingConfirmation", selectedItem: CLOTH }],
    ["Completed", { state: "Completed", selectedItem: CLOTH }],
    ["delivered", { state: "Completed", selectedItem: CLOTH, deliveredAt: new Date(NOW).toISOString() }],
    // A mail that left is what counts, whatever became of the request.
    ["delivered", { ...failed("failed_by_streamer"), selectedItem: CLOTH, deliveredAt: new Date(NOW).toISOString() }],
    ...GIFT_FAILURE_REASONS.map((reason) => [reason, failed(reason)] as const),
  ] as const)("tells of a gift: %s", (key, gift) => {
    const { more } = view(seen({ gifts: giftQueue(giftRequest(gift)) }));
    const values = { position: 3, wait: "2 minutes", item: CLOTH.name, streamer: "Gnomoteka", phrase: "!twgift" };
    expect(more.text).toBe(fill(en.gift[key], values));
    expect(more.text).not.toMatch(/[{}]/);
  });

  it("tells of a gift without what it does not know, and with the phrase that the realm lets through", () => {
    const unknown = state({ streamer: null, acceptPhrase: "twgold" });
    const { more } = view(seen({ state: unknown, gifts: giftQueue(giftRequest({ state: "WaitingConfirmation" })) }));
    const values = { item: en.gift.anItem, streamer: en.gift.aCharacter, phrase: "twgift" };
    expect(more.text).toBe(fill(en.gift.WaitingConfirmation, values));
  });

  it("tells of trouble before everything else, and what it means", () => {
    const { more } = view(seen({ problem: { code: "network", isAskedFor: false } }), { retryInMs: 7_400 });
    expect(more.title).toBe(en.errors.network[0]);
    expect(more.text).toContain(en.safe);
    expect(more.text).toContain("8");
    expect(more.button).toMatchObject({ act: "retry", isOff: false });
    const asked = view(seen({ problem: { code: "rate_limited", isAskedFor: true } }), { retryInMs: 7_400 });
    expect(asked.more.button.isOff).toBe(true);
  });
});

describe("the rest", () => {
  it("counts down by the server's time", () => {
    expect(view(seen(), { now: BOUNDARY + 78_000 }).head.clock.join("")).toBe("3:42");
    expect(view(seen(), { now: BOUNDARY + 78_000 }).head.percent).toBe(26);
  });

  it("says aloud what happened, and never the passing of time", () => {
    const [one, other] = [view(seen()), view(seen(), { now: NOW + 10_000 })];
    expect(one.announcement).toBe(other.announcement);
    const checking = seen({ state: state({ spinPhase: "verification", candidate: "Осень" }) });
    expect(view(checking).announcement).toContain("Осень");
    const spinning = seen({
      state: state({ spinPhase: "spinning", candidate: "Осень", phaseEndsAt: new Date(NOW + 5_000).toISOString() }),
    });
    expect(view(spinning).announcement).not.toContain("Осень");
  });

  it("knows that it is out of date", () => {
    const version = { version: "2", minimumAddonVersion: "0", minimumExtensionVersion: "0.10.0" };
    expect(view(seen({ version }), { version: "0.9.9" }).isOutdated).toBe(true);
    expect(view(seen({ version }), { version: "0.10.0" }).isOutdated).toBe(false);
    expect(view(seen()).isOutdated).toBe(false);
  });
});
