import { COPPER_PER_GOLD, LIFETIME_CAP_COPPER, PAYOUT_COPPER, PAYOUT_GOLD, WHEEL_NAMES } from "@mgm/domain/economics";
import { applyGiftEvent, GIFT_STATES, type GiftEvent, type GiftRecord, NEW_GIFT } from "@mgm/domain/gift";
import type { GiftItem } from "@mgm/domain/gift-item";
import { confirmMail, PAYOUT_CAUSES, PAYOUT_STATUSES, requestStatus } from "@mgm/domain/payout";
import { CONTRACT_TIMINGS, type Timings } from "@mgm/domain/timings";
import { code, table } from "./table.ts";

/* The numbers and the tables of what may follow what: each cell is the rule's own answer. */

const TIMING_MEANINGS: Readonly<Record<keyof Timings, string>> = {
  intervalMs: "from one draw to the next; draws stand at multiples of it",
  wheelMs: "the wheel runs",
  graceMs: "a report still counts so long after the next boundary",
  slackMs: "what came in time is waited for so much longer before a deadline is decided",
  resultMs: "viewers see the result",
  payoutTtlMs: "a payout lives at least",
  expiryGridMs: "payouts expire at multiples of it",
  giftSelectMs: "an item must be chosen within",
  giftConfirmMs: "the viewer must answer within",
};

const UNITS = [
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** The table of durations. */
export function timings(): string {
  return table(
    ["key", "milliseconds", "that is", "what it is"],
    Object.entries(CONTRACT_TIMINGS).map(([key, value]) => [
      code(key),
      String(value),
      inWords(value),
      TIMING_MEANINGS[key as keyof Timings],
    ]),
  );
}

function inWords(milliseconds: number): string {
  const [size, unit] = UNITS.find(([one]) => milliseconds % one === 0) ?? [1, "ms"];
  return `${milliseconds / size} ${unit}`;
}

/** The table of amounts. */
export function economics(): string {
  return table(
    ["what", "gold", "copper"],
    [
      ["one payout", String(PAYOUT_GOLD), String(PAYOUT_COPPER)],
      ["one viewer, in all", String(LIFETIME_CAP_COPPER / COPPER_PER_GOLD), String(LIFETIME_CAP_COPPER)],
    ],
  ).concat(`\n\nThe wheel shows ${WHEEL_NAMES} names at most.`);
}

const DESKTOP = "11111111-1111-4111-8111-111111111111";

/** Who may change a payout from which status into which. */
export function payoutChanges(): string {
  const rows = PAYOUT_STATUSES.map((from) => {
    const state = { status: from, acceptedAt: null, heldBy: from === "InProgress" ? DESKTOP : null };
    const cells = PAYOUT_STATUSES.map((to) => {
      if (from === to) return "is so already";
      const causes = PAYOUT_CAUSES.filter((cause) => requestStatus(state, { to, cause, desktopId: DESKTOP }).ok);
      return causes.join(", ");
    });
    const confirmed = confirmMail(state, { cause: "log", desktopId: DESKTOP });
    const steps = confirmed.ok ? confirmed.steps.map(({ status }) => status) : [];
    return [code(from), ...cells, steps.length === 0 ? "recorded" : steps.join(", then ")];
  });
  return table(["from \\ to", ...PAYOUT_STATUSES.map(code), "a mail confirmation"], rows);
}

const ITEM: GiftItem = { name: "Frostweave Cloth", id: 33470, count: 20, link: "", texture: "", bagId: 0, slotId: 16 };
const EARLY = 1_000;

/** Events of a gift request, in the order of the table. */
const EVENTS: readonly (readonly [string, GiftEvent])[] = [
  ["its turn", { type: "promoted", at: EARLY, timings: CONTRACT_TIMINGS }],
  ["item selected", { type: "itemSelected", item: ITEM, desktopId: DESKTOP, at: EARLY, timings: CONTRACT_TIMINGS }],
  ["viewer agrees", { type: "answered", agreed: true, at: EARLY }],
  ["viewer declines", { type: "answered", agreed: false, at: EARLY }],
  ["mail sent", { type: "sent", at: EARLY }],
  ["failed by the streamer", { type: "failed", reason: "failed_by_streamer" }],
  ["time is over", { type: "timedOut", at: Number.MAX_SAFE_INTEGER }],
];

/** What each event makes of a gift request. */
export function giftEvents(): string {
  const rows = GIFT_STATES.map((state) => [
    code(state),
    ...EVENTS.map(([, event]) => {
      const result = applyGiftEvent(recordIn(state), event);
      if (!result.ok) return "refused";
      if (!result.changed) return "is so already";
      const { record } = result;
      if (record.state === state) return "recorded";
      return record.failureReason === null
        ? code(record.state)
        : `${code(record.state)}: ${code(record.failureReason)}`;
    }),
  ]);
  return table(["state", ...EVENTS.map(([name]) => name)], rows);
}

/** A request that came into this state the usual way. */
function recordIn(state: GiftRecord["state"]): GiftRecord {
  switch (state) {
    case "Pending":
      return NEW_GIFT;
    case "SelectingItem":
      return { ...NEW_GIFT, state, timeoutAt: EARLY + CONTRACT_TIMINGS.giftSelectMs };
    case "WaitingConfirmation":
      return { ...NEW_GIFT, state, selectedItem: ITEM, timeoutAt: EARLY + CONTRACT_TIMINGS.giftConfirmMs };
    case "Completed":
      return { ...NEW_GIFT, state, selectedItem: ITEM, completedAt: EARLY };
    case "Failed":
      return { ...NEW_GIFT, state, failureReason: "selection_timeout" };
    default:
      return state satisfies never;
  }
}
