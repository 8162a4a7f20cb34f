import type { PayoutChange } from "../../wire/protocol.ts";
import type { PayoutRow } from "../../wire/state.ts";
import { type Confirmation, sameForAll } from "../page/confirmation.ts";
import type { Desk } from "../page/desk.ts";
import type { Sentence } from "../texts/texts.ts";
import { allows } from "./payout-rows.ts";

/** What is asked before payouts are changed; those whose status does not allow it are left out, and it says so. */
export function confirmChange(desk: Desk, change: PayoutChange, chosen: readonly PayoutRow[]): Confirmation {
  const rows = chosen.filter((row) => allows(row, change));
  const lines = rows.map(asLine);
  const warnings: Sentence[] = [];
  const mayBeMailed = change !== "mark_sent" && rows.some(({ status }) => status === "InProgress");
  if (mayBeMailed) warnings.push({ key: "confirm.in_progress" });
  const skipped = chosen.length - rows.length;
  if (skipped > 0) warnings.push({ key: "confirm.skipped", values: { n: skipped } });
  return {
    title: { key: `confirm.${change}`, values: { n: rows.length } },
    about: `confirm.${change}.about`,
    warnings,
    lines,
    needsNote: false,
    run: async () => {
      const result = await desk.ask({ kind: "change_payouts", ids: rows.map(({ id }) => id), change });
      return result.ok && result.data?.kind === "items" ? result.data.items : sameForAll(lines, result);
    },
  };
}

/** What is asked before a payout that needs attention is called settled. */
export function confirmSettle(desk: Desk, row: PayoutRow): Confirmation {
  const lines = [asLine(row)];
  return {
    title: { key: "confirm.settle" },
    about: "confirm.settle.about",
    warnings: [],
    lines,
    needsNote: true,
    run: async (note) => sameForAll(lines, await desk.ask({ kind: "settle_payout", id: row.id, note })),
  };
}

function asLine({ id, characterName, twitchDisplayName }: PayoutRow) {
  return { id, name: characterName, aside: twitchDisplayName };
}
