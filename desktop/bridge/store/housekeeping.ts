import { type Change, drop, type Store, type TableName } from "./store.ts";

/** Twice what the addon repeats after a hello (48 h), so that nothing is forgotten that could still be heard of. */
const KEPT_MS = 96 * 3_600_000;

/** What may be forgotten: nothing that is owed, asked, open or refused, only what has long been over. */
export function outdated(store: Store, now: number): Change[] {
  const old = (table: TableName, times: Iterable<[string, number]>) =>
    [...times].filter(([, at]) => now - at > KEPT_MS).map(([id]) => drop(table, id));
  return [
    ...old(
      "told",
      timesOf(store.all("told"), ({ at }) => at),
    ),
    ...old(
      "command",
      timesOf(store.all("command"), ({ at }) => at),
    ),
    ...old(
      "failure",
      timesOf(store.all("failure"), ({ at }) => at),
    ),
    ...old(
      "payout",
      timesOf(store.all("payout"), ({ at }) => at),
    ),
    ...old(
      "gift",
      timesOf(store.all("gift"), ({ at }) => at),
    ),
    ...old(
      "cycle",
      timesOf(store.all("cycle"), ({ verifyUntil }) => verifyUntil),
    ),
  ];
}

function* timesOf<Row>(rows: ReadonlyMap<string, Row>, timeOf: (row: Row) => number): Generator<[string, number]> {
  for (const [id, row] of rows) yield [id, timeOf(row)];
}
