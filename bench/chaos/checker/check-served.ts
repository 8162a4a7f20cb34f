import { type Evidence, entriesOf, type Finding, found, type GiftRow, type PayoutRow } from "./evidence.ts";

/*
 * Whoever answers is served. A program that forgets somebody looks well once their time is over, so the end alone proves
 * nothing: in a run nobody cancels or fails a payout, and there is time enough between a win and its expiry for everything
 * that kills may cause. A gift's time is shorter, and a client that dies over and over may use it up; so gifts are counted.
 */

/** So many gifts may time out whatever was killed. */
const FEW_GIFTS = 2;
/** And beyond that one of so many that ended. */
const ONE_GIFT_IN = 10;
const TIMEOUTS: readonly (string | null)[] = ["selection_timeout", "confirmation_timeout"];

/** What ended unserved although the viewer answers. */
export interface Unserved {
  readonly payouts: readonly PayoutRow[];
  readonly gifts: readonly GiftRow[];
}

/** Finds it. An item is chosen without a word of the viewer, silent or not. */
export function unservedOf(evidence: Evidence): Unserved {
  const people = new Map(entriesOf(evidence, "person").map((person) => [person.name, person]));
  const answers = (name: string) => people.get(name)?.isSilent !== true && people.get(name)?.isOffline !== true;
  const { payouts, gifts } = evidence.tables;
  return {
    payouts: payouts.filter(
      ({ status, character_name: name }) => ["Expired", "Failed", "Cancelled"].includes(status) && answers(name),
    ),
    gifts: gifts.filter(
      ({ failure_reason: reason, character_name: name }) =>
        TIMEOUTS.includes(reason) && (reason === "selection_timeout" || answers(name)),
    ),
  };
}

/** Checks that nobody was forgotten. */
export function checkServed(evidence: Evidence): Finding[] {
  const { payouts, gifts } = unservedOf(evidence);
  const ended = evidence.tables.gifts.filter(({ state }) => state === "Completed" || state === "Failed").length;
  const most = FEW_GIFTS + Math.floor(ended / ONE_GIFT_IN);
  return [
    ...payouts.map(({ payout_id: id, status, accepted_at: acceptedAt, mail_confirmed_at: confirmedAt }) => {
      const how = `${acceptedAt === null ? "never agreed" : "agreed"}, ${confirmedAt === null ? "never mailed" : "mailed"}`;
      return found("payout_forgotten", id, `${status}, ${how}`);
    }),
    ...(gifts.length > most ? [found("gifts_forgotten", "all", `${gifts.length} of ${ended} timed out`)] : []),
  ];
}
