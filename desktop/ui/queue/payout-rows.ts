import type { PayoutStatus } from "@mgm/domain/payout";
import type { PayoutChange } from "../../wire/protocol.ts";
import type { PayoutRow } from "../../wire/state.ts";

/* What the streamer sees of the payouts, as functions of what there is and how it is to be arranged. */

/** The columns that can be sorted by. */
export type SortColumn = "character" | "viewer" | "gold" | "status" | "accepted" | "age" | "id";

/** Which rows are shown, and in which order. */
export interface Arrangement {
  readonly filter: "all" | "pending" | "in_progress";
  readonly search: string;
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** Everything, oldest first. */
export const FIRST_ARRANGEMENT: Arrangement = { filter: "all", search: "", column: "age", isDescending: true };

const FILTERS: Record<Arrangement["filter"], (row: PayoutRow) => boolean> = {
  all: () => true,
  pending: ({ status }) => status === "Pending",
  in_progress: ({ status }) => status === "InProgress",
};

/** What is on its way comes before what waits, and that before what has ended. */
const STATUS_RANK: Record<PayoutStatus, number> = {
  InProgress: 0,
  Pending: 1,
  Sent: 2,
  Failed: 3,
  Cancelled: 4,
  Expired: 5,
};

const CHANGES: Partial<Record<PayoutStatus, readonly PayoutChange[]>> = {
  Pending: ["mark_failed", "cancel"],
  InProgress: ["mark_sent", "mark_failed", "cancel", "unlock"],
};

/** The rows that fit, in order; equal ones keep the bridge's order. */
export function arrange(rows: readonly PayoutRow[], arrangement: Arrangement, language: string): PayoutRow[] {
  const searched = folded(arrangement.search.trim());
  const compare = comparison(arrangement.column, new Intl.Collator(language));
  const sign = arrangement.isDescending ? -1 : 1;
  return rows
    .filter(FILTERS[arrangement.filter])
    .filter((row) => [row.characterName, row.twitchDisplayName, row.id].some((text) => folded(text).includes(searched)))
    .sort((one, other) => sign * compare(one, other));
}

/** Sorted by that column; by the same one again turns the order. */
export function sortedBy(arrangement: Arrangement, column: SortColumn): Arrangement {
  const isDescending = arrangement.column === column ? !arrangement.isDescending : false;
  return { ...arrangement, column, isDescending };
}

/** Whether the payout's status allows that change. */
export function allows(row: PayoutRow, change: PayoutChange): boolean {
  return CHANGES[row.status]?.includes(change) === true;
}

function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

function comparison(column: SortColumn, collator: Intl.Collator): (one: PayoutRow, other: PayoutRow) => number {
  switch (column) {
    case "character":
      return (one, other) => collator.compare(one.characterName, other.characterName);
    case "viewer":
      return (one, other) => collator.compare(one.twitchDisplayName, other.twitchDisplayName);
    case "gold":
      return (one, other) => one.goldAmount - other.goldAmount;
    case "status":
      return (one, other) => STATUS_RANK[one.status] - STATUS_RANK[other.status];
    case "accepted":
      return (one, other) => acceptanceRank(one) - acceptanceRank(other);
    case "age":
      return (one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt);
    case "id":
      return (one, other) => (one.id < other.id ? -1 : 1);
    default:
      return column satisfies never;
  }
}

function acceptanceRank({ winnerAcceptedWillingToReceiveAt, isWhispered }: PayoutRow): number {
  if (winnerAcceptedWillingToReceiveAt !== null) return 0;
  return isWhispered ? 1 : 2;
}
