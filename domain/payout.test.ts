import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACTIVE_STATUSES,
  acceptPayout,
  confirmationNeedsAttention,
  confirmMail,
  isActive,
  PAYOUT_STATUSES,
  type PayoutCause,
  type PayoutState,
  type PayoutStatus,
  payoutExpiresAt,
  requestStatus,
  rewardSentAnnouncement,
  type StatusRequest,
  UNNAMED_DESKTOP,
} from "./payout.ts";
import { CONTRACT_TIMINGS } from "./timings.ts";

const DESKTOP = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const OTHER = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";

const STATUSES: PayoutStatus[] = ["Pending", "InProgress", "Sent", "Failed", "Cancelled", "Expired"];
const CAUSES: PayoutCause[] = ["log", "desktop", "broadcaster", "operator", "server"];

/** Every change that there is. `server` fails what lost its workflow. */
const ALLOWED = [
  "Pending > InProgress: desktop",
  "Pending > Cancelled: desktop, broadcaster, operator",
  "Pending > Failed: desktop, broadcaster, operator, server",
  "Pending > Expired: server",
  "InProgress > Sent: log, desktop",
  "InProgress > Cancelled: desktop, broadcaster, operator",
  "InProgress > Failed: desktop, broadcaster, operator, server",
  "InProgress > Pending: desktop",
  "InProgress > Expired: server",
];
const allowed = new Set(
  ALLOWED.flatMap((row) => {
    const [change, causes = ""] = row.split(": ");
    return causes.split(", ").map((cause) => `${change}: ${cause}`);
  }),
);
const isTerminal = (status: PayoutStatus) => !["Pending", "InProgress"].includes(status);

const everyChange = STATUSES.flatMap((from) =>
  STATUSES.flatMap((to) => CAUSES.map((cause) => [from, to, cause] as const)),
);

function payout(status: PayoutStatus, change: Partial<PayoutState> = {}): PayoutState {
  return { status, acceptedAt: null, heldBy: status === "Pending" ? null : DESKTOP, ...change };
}
const ask = (to: PayoutStatus, cause: PayoutCause, desktopId: string | null = DESKTOP): StatusRequest => ({
  to,
  cause,
  desktopId,
});

describe("a payout's statuses", () => {
  it("are six, two of them active", () => {
    expect(PAYOUT_STATUSES).toEqual(STATUSES);
    expect(ACTIVE_STATUSES).toEqual(["Pending", "InProgress"]);
    expect(STATUSES.filter(isActive)).toEqual(["Pending", "InProgress"]);
  });
});

describe("requestStatus", () => {
  it.each(everyChange)("from %s to %s by %s", (from, to, cause) => {
    const before = payout(from, { acceptedAt: 7 });
    const change = requestStatus(before, ask(to, cause));
    if (from === to) expect(change).toEqual({ ok: true, state: before, steps: [] });
    else if (isTerminal(from)) expect(change).toMatchObject({ ok: false, code: "terminal_status_change_not_allowed" });
    else if (!allowed.has(`${from} > ${to}: ${cause}`)) {
      expect(change).toMatchObject({ ok: false, code: "status_change_not_allowed" });
    } else {
      expect(change).toMatchObject({ ok: true, state: { status: to, acceptedAt: 7 }, steps: [{ status: to, cause }] });
    }
  });

  it.each<[string, PayoutState, StatusRequest, string | null]>([
    ["Sync gives it to the desktop that asked", payout("Pending"), ask("InProgress", "desktop", OTHER), OTHER],
    ["Sync of a desktop without a name", payout("Pending"), ask("InProgress", "desktop", null), UNNAMED_DESKTOP],
    ["the holder syncs again", payout("InProgress"), ask("InProgress", "desktop"), DESKTOP],
    [
      "a desktop without a name syncs again",
      payout("InProgress", { heldBy: UNNAMED_DESKTOP }),
      ask("InProgress", "desktop", null),
      UNNAMED_DESKTOP,
    ],
    ["unlock frees it", payout("InProgress"), ask("Pending", "desktop"), null],
    ["an end before any Sync", payout("Pending"), ask("Cancelled", "broadcaster", null), null],
    ["sent by the holder", payout("InProgress"), ask("Sent", "desktop"), DESKTOP],
    ["sent by another desktop", payout("InProgress"), ask("Sent", "desktop", OTHER), DESKTOP],
    ["failed by another desktop", payout("InProgress"), ask("Failed", "desktop", OTHER), DESKTOP],
    ["cancelled by another desktop", payout("InProgress"), ask("Cancelled", "desktop", OTHER), DESKTOP],
    ["cancelled by the broadcaster", payout("InProgress"), ask("Cancelled", "broadcaster", null), DESKTOP],
    ["expired", payout("InProgress"), ask("Expired", "server", null), DESKTOP],
  ])("leaves the right holder: %s", (_, before, request, heldBy) => {
    expect(requestStatus(before, request)).toMatchObject({ ok: true, state: { status: request.to, heldBy } });
  });

  it.each([
    ["another desktop", DESKTOP, OTHER],
    ["a desktop without a name", DESKTOP, null],
    ["a desktop, of one without a name", UNNAMED_DESKTOP, OTHER],
  ])("refuses what is held to %s", (_, heldBy, desktopId) => {
    expect(requestStatus(payout("InProgress", { heldBy }), ask("InProgress", "desktop", desktopId))).toMatchObject({
      ok: false,
      code: "held_by_other_desktop",
    });
  });

  it("gives an unlocked payout to the next desktop that asks", () => {
    const unlocked = requestStatus(payout("InProgress"), ask("Pending", "desktop"));
    if (!unlocked.ok) throw new Error(unlocked.code);
    expect(requestStatus(unlocked.state, ask("InProgress", "desktop", OTHER))).toMatchObject({
      ok: true,
      state: { status: "InProgress", heldBy: OTHER },
    });
  });

  it.each(["desktop", "broadcaster", "operator"] as const)("takes Expired from %s only as a repeat", (cause) => {
    expect(requestStatus(payout("Expired"), ask("Expired", cause))).toMatchObject({ ok: true, steps: [] });
    for (const from of ACTIVE_STATUSES) {
      expect(requestStatus(payout(from), ask("Expired", cause))).toMatchObject({ code: "status_change_not_allowed" });
    }
  });

  it("never leads out of an end, and has a holder exactly while InProgress", () => {
    const request = fc.record({
      to: fc.constantFrom(...STATUSES),
      cause: fc.constantFrom(...CAUSES),
      desktopId: fc.constantFrom(DESKTOP, OTHER, null),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
        let state = payout("Pending");
        for (const each of requests) {
          const change = requestStatus(state, each);
          if (!change.ok) continue;
          if (isTerminal(state.status)) expect(change.state).toEqual(state);
          expect(change.state.status).toBe(each.to);
          expect(change.steps.length === 0).toBe(each.to === state.status);
          state = change.state;
          if (!isTerminal(state.status)) expect(state.heldBy !== null).toBe(state.status === "InProgress");
        }
      }),
    );
  });
});

describe("confirmMail", () => {
  it.each(CAUSES)("makes an unlocked payout InProgress and Sent in one step (%s)", (cause) => {
    expect(confirmMail(payout("Pending", { acceptedAt: 7 }), { cause, desktopId: OTHER })).toEqual({
      ok: true,
      state: { status: "Sent", acceptedAt: 7, heldBy: OTHER },
      steps: [
        { status: "InProgress", cause },
        { status: "Sent", cause },
      ],
    });
  });

  it("names nobody as the holder of what an operator confirmed", () => {
    expect(confirmMail(payout("Pending"), { cause: "operator", desktopId: null })).toMatchObject({
      state: { heldBy: null },
    });
  });

  it.each(CAUSES)("makes a held payout Sent and keeps its holder (%s)", (cause) => {
    expect(confirmMail(payout("InProgress"), { cause, desktopId: OTHER })).toEqual({
      ok: true,
      state: payout("Sent"),
      steps: [{ status: "Sent", cause }],
    });
  });

  it.each(["Sent", "Failed", "Cancelled", "Expired"] as const)("leaves %s as it is", (status) => {
    const ended = payout(status, { acceptedAt: 7 });
    expect(confirmMail(ended, { cause: "log", desktopId: OTHER })).toEqual({ ok: true, state: ended, steps: [] });
  });

  it.each<[PayoutStatus, boolean]>([
    ["Pending", false],
    ["InProgress", false],
    ["Sent", false],
    ["Failed", true],
    ["Cancelled", true],
    ["Expired", true],
  ])("finds %s, which asks for attention: %s", (status, expected) => {
    expect(confirmationNeedsAttention(status)).toBe(expected);
  });
});

describe("acceptPayout", () => {
  const accept = (state: PayoutState, characterName: string | null = "Норинн") =>
    acceptPayout(state, { drawnName: "Норинн", characterName, at: 9 });

  it.each(["Pending", "InProgress"] as const)("sets the consent in %s, and nothing else", (status) => {
    expect(accept(payout(status))).toEqual({ ok: true, state: payout(status, { acceptedAt: 9 }), changed: true });
  });

  it.each(STATUSES)("keeps the first consent in %s", (status) => {
    const accepted = payout(status, { acceptedAt: 7 });
    expect(accept(accepted)).toEqual({ ok: true, state: accepted, changed: false });
  });

  it("keeps a consent of the epoch", () => {
    expect(accept(payout("Pending", { acceptedAt: 0 }))).toMatchObject({ ok: true, changed: false });
  });

  it.each(["Sent", "Failed", "Cancelled", "Expired"] as const)("refuses a first consent in %s", (status) => {
    expect(accept(payout(status))).toMatchObject({ ok: false, code: "terminal_status_change_not_allowed" });
  });

  it.each(STATUSES)("looks at the name before all else in %s", (status) => {
    for (const acceptedAt of [null, 7]) {
      for (const name of ["Norinn", null]) {
        expect(accept(payout(status, { acceptedAt }), name)).toMatchObject({ code: "character_name_mismatch" });
      }
    }
  });
});

describe("payoutExpiresAt", () => {
  const noon = Date.UTC(2026, 3, 4, 12);
  const nextNoon = Date.UTC(2026, 3, 5, 12);

  it.each([
    ["exactly on a grid point", noon, nextNoon],
    ["a millisecond after one", noon + 1, nextNoon + 3_600_000],
    ["a millisecond before one", noon - 1, nextNoon],
    ["in the middle", noon + 1_800_000, nextNoon + 3_600_000],
  ])("of one created %s", (_, createdAt, expected) => {
    expect(payoutExpiresAt(createdAt, CONTRACT_TIMINGS)).toBe(expected);
  });

  it("is the first grid point at or after the time to live", () => {
    const duration = fc.integer({ min: 1, max: 90_000_000 });
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 42 }), duration, duration, (createdAt, payoutTtlMs, expiryGridMs) => {
        const expiresAt = payoutExpiresAt(createdAt, { ...CONTRACT_TIMINGS, payoutTtlMs, expiryGridMs });
        expect(expiresAt % expiryGridMs).toBe(0);
        expect(expiresAt).toBeGreaterThanOrEqual(createdAt + payoutTtlMs);
        expect(expiresAt - expiryGridMs).toBeLessThan(createdAt + payoutTtlMs);
      }),
    );
  });
});

describe("rewardSentAnnouncement", () => {
  it("is the agreed line", () => {
    expect(rewardSentAnnouncement("Норинн")).toBe("Награда отправлена персонажу Норинн на почту, проверяй ящик!");
  });
});
