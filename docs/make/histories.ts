import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./page.ts";
import { code, table } from "./table.ts";

/* What each kind of work leaves in Temporal's histories, counted in the recorded ones. */

interface Work {
  readonly what: string;
  readonly workflow: string;
  /** The recorded history, without its extension. */
  readonly history: string;
}

const EMPTY_CYCLE: Work = { what: "cycle with an empty pool", workflow: "spinCycle", history: "spin-nobody-eligible" };
const OFFLINE: Work = { what: "cycle, candidate offline", workflow: "spinCycle", history: "spin-offline" };
const WON: Work = { what: "cycle that was won", workflow: "spinCycle", history: "spin-won" };
const SENT: Work = { what: "payout to Sent, with every step", workflow: "payout", history: "payout-sent" };
const EXPIRED: Work = { what: "payout that expires", workflow: "payout", history: "payout-expired" };
const GIFT: Work = { what: "gift to Completed", workflow: "gift", history: "gift-completed" };
const DELIVERY: Work = { what: "wait for its mail", workflow: "giftDelivery", history: "gift-delivery-sent" };
const QUEUE: Work = { what: "its queue, when nobody waits behind it", workflow: "giftQueue", history: "gift-queue" };
const RECONCILE: Work = {
  what: "run of the reconcile job, once a minute",
  workflow: "reconcile",
  history: "reconcile",
};

function eventsOf({ history }: Work): readonly { readonly eventType: string }[] {
  return JSON.parse(readFileSync(join(ROOT, `workflows/histories/${history}.json`), "utf8")).events;
}

/** The table of what one of each costs. */
export function historyEvents(): string {
  const rows = [EMPTY_CYCLE, OFFLINE, WON, SENT, EXPIRED, GIFT, DELIVERY, QUEUE, RECONCILE].map((work) => {
    const events = eventsOf(work);
    const count = (type: string) => String(events.filter(({ eventType }) => eventType === type).length);
    return [
      work.what,
      code(work.workflow),
      String(events.length),
      count("EVENT_TYPE_WORKFLOW_TASK_COMPLETED"),
      count("EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"),
    ];
  });
  return table(["work", "workflow", "history events", "workflow tasks", "activities over the server"], rows);
}

const DAY: readonly (readonly [what: string, number: number, works: readonly Work[]])[] = [
  ["runs of the reconcile job", 1_440, [RECONCILE]],
  ["cycles with nobody in the pool (20 h without a stream)", 240, [EMPTY_CYCLE]],
  ["cycles with a candidate who is offline (4 h of stream, two thirds)", 32, [OFFLINE]],
  ["cycles that are won (the last third)", 16, [WON]],
  ["their payouts", 16, [SENT]],
  ["gifts", 5, [GIFT, DELIVERY, QUEUE]],
];

/** The table of what a channel does in a day. */
export function eventsADay(): string {
  const rows = DAY.map(([what, number, works]) => {
    const each = works.reduce((sum, work) => sum + eventsOf(work).length, 0);
    return { what, number, events: number * each };
  });
  const all = rows.reduce((sum, { events }) => sum + events, 0);
  const written = (count: number) => count.toLocaleString("en");
  return table(
    ["a day, of one channel", "number", "events"],
    [
      ...rows.map(({ what, number, events }) => [what, written(number), written(events)]),
      ["**together**", "", `**${written(all)}**`],
    ],
  );
}
