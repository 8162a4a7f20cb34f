import type { Code } from "../checker/codes.ts";
import type { Execution, History, Tables } from "../checker/evidence.ts";
import type { LedgerEntry } from "../ledger.ts";

/*
 * One fault of each kind, to be planted into what a good run has left: the checker must find it. SQL runs inside a
 * transaction that is rolled back; where an index or a check would refuse the fault, it is dropped first, in there.
 */

/** A fault and what the checker has to call it. */
export interface PlantedFault {
  readonly finds: Code;
  readonly what: string;
  /** Of whom, where several may be found and one is meant. */
  readonly subject?: RegExp;
  readonly sql?: readonly string[];
  readonly ledger?: (entries: readonly LedgerEntry[]) => readonly LedgerEntry[];
  /** For what SQL cannot say. */
  readonly tables?: (tables: Tables) => Tables;
  readonly executions?: (executions: readonly Execution[]) => readonly Execution[];
  readonly histories?: (histories: readonly History[]) => readonly History[];
}

export const SENT = "(select payout_id from payouts where status = 'Sent' order by created_at limit 1)";
export const SENT_CYCLE = "(select spin_cycle_id from payouts where status = 'Sent' order by created_at limit 1)";
export const GIVEN =
  "(select gift_request_id from gift_requests where delivered_at is not null order by arrival limit 1)";
export const HELD = "(select min(twitch_user_id) from pool_entries)";
export const NEW_UUID = "gen_random_uuid()";
/** Columns of a copy of a payout under another id. */
export const COPY_PAYOUT = `insert into payouts select (jsonb_populate_record(p, jsonb_build_object('payout_id', ${NEW_UUID}))).*
  from payouts p where payout_id = ${SENT}`;

export const isMail = (entry: LedgerEntry): boolean => entry.kind === "mailed" && entry.copper > 0;
export const isGiftMail = (entry: LedgerEntry): boolean => entry.kind === "mailed" && entry.items.length > 0;
export const isTaken = (entry: LedgerEntry): boolean => entry.kind === "delivered" && entry.status === 200;

/** Puts something after the first entry that fits. */
export function after(
  entries: readonly LedgerEntry[],
  fits: (entry: LedgerEntry) => boolean,
  made: (entry: LedgerEntry) => LedgerEntry,
): LedgerEntry[] {
  const place = entries.findIndex(fits);
  const entry = entries[place];
  if (entry === undefined) throw new Error("the run has nothing to plant this fault into");
  return [...entries.slice(0, place + 1), made(entry), ...entries.slice(place + 1)];
}

/** Changes the first entry that fits, or takes it out. */
export function change(
  entries: readonly LedgerEntry[],
  fits: (entry: LedgerEntry) => boolean,
  made: (entry: LedgerEntry) => LedgerEntry | null,
): LedgerEntry[] {
  const place = entries.findIndex(fits);
  const entry = entries[place];
  if (entry === undefined) throw new Error("the run has nothing to plant this fault into");
  const changed = made(entry);
  return [...entries.slice(0, place), ...(changed === null ? [] : [changed]), ...entries.slice(place + 1)];
}

/** Changes what workflows of a type returned. */
export function changeResult(
  histories: readonly History[],
  type: string,
  made: (result: NonNullable<History["result"]>) => NonNullable<History["result"]>,
): History[] {
  return histories.map((one) =>
    one.type === type && one.result !== null ? { ...one, result: made(one.result) } : one,
  );
}
