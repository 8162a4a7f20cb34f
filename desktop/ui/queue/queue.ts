import type { PayoutChange } from "../../wire/protocol.ts";
import type { PayoutRow } from "../../wire/state.ts";
import { copyText } from "../page/clipboard.ts";
import type { Desk } from "../page/desk.ts";
import { type Steady, steady } from "../page/steady.ts";
import type { Sentence, TextKey } from "../texts/texts.ts";
import { confirmChange, confirmSettle } from "./payout-confirmation.ts";
import { allows, arrange, FIRST_ARRANGEMENT, type SortColumn, sortedBy } from "./payout-rows.ts";

/** How long a payout may be in progress before its row says for how long it has been. */
const MINUTE_MS = 60_000;

/** The table of payouts: arranged, chosen from, acted upon. */
export function queue(desk: Desk, effect: (run: () => void) => void) {
  return {
    arrangement: FIRST_ARRANGEMENT,
    rows: [] as readonly Steady<PayoutRow>[],
    chosenIds: [] as readonly string[],
    isHeld: false,
    columns: ["character", "viewer", "gold", "status", "accepted", "age", "id"] satisfies SortColumn[],
    changes: ["mark_sent", "mark_failed", "cancel", "unlock"] satisfies PayoutChange[],

    init() {
      let shown: readonly Steady<PayoutRow>[] = [];
      let arrangement = this.arrangement;
      effect(() => {
        const wanted = arrange(desk.state?.payouts ?? [], this.arrangement, desk.language);
        // What the streamer arranges takes effect at once, wherever the mouse is.
        const isHeld = this.isHeld && this.arrangement === arrangement;
        arrangement = this.arrangement;
        shown = steady(shown, wanted, ({ id }) => id, isHeld);
        this.rows = shown;
      });
    },

    get total(): number {
      return desk.state?.payouts.length ?? 0;
    },
    get chosen(): PayoutRow[] {
      return (desk.state?.payouts ?? []).filter(({ id }) => this.chosenIds.includes(id));
    },
    get areAllChosen(): boolean {
      return this.rows.length > 0 && this.rows.every(({ key }) => this.chosenIds.includes(key));
    },

    show(filter: "all" | "pending" | "in_progress") {
      this.arrangement = { ...this.arrangement, filter };
    },
    search(text: string) {
      this.arrangement = { ...this.arrangement, search: text };
    },
    showAll() {
      this.arrangement = { ...this.arrangement, filter: "all", search: "" };
    },
    sort(column: SortColumn) {
      this.arrangement = sortedBy(this.arrangement, column);
    },
    sortState(column: SortColumn): "ascending" | "descending" | "none" {
      if (this.arrangement.column !== column) return "none";
      return this.arrangement.isDescending ? "descending" : "ascending";
    },

    isChosen(id: string): boolean {
      return this.chosenIds.includes(id);
    },
    toggle(id: string) {
      this.chosenIds = this.isChosen(id) ? this.chosenIds.filter((one) => one !== id) : [...this.chosenIds, id];
    },
    toggleAll() {
      this.chosenIds = this.areAllChosen ? [] : this.rows.map(({ key }) => key);
    },
    /** A click anywhere in a row chooses it, unless it was meant for a control in there, or ended a selection of text. */
    clickRow(event: MouseEvent, id: string) {
      const isForControl = (event.target as Element).closest("button, input, label, a") !== null;
      if (!isForControl && getSelection()?.isCollapsed !== false) this.toggle(id);
    },

    canChange(change: PayoutChange): boolean {
      return desk.isOpen && this.chosen.some((row) => allows(row, change));
    },
    change(change: PayoutChange) {
      desk.confirmation = confirmChange(desk, change, this.chosen);
    },
    changeOne(change: PayoutChange, row: PayoutRow) {
      desk.confirmation = confirmChange(desk, change, [row]);
    },
    settle(row: PayoutRow) {
      desk.confirmation = confirmSettle(desk, row);
    },
    copyId(id: string) {
      void copyText(id);
    },

    accepted({ winnerAcceptedWillingToReceiveAt, isWhispered }: PayoutRow): TextKey {
      if (winnerAcceptedWillingToReceiveAt !== null) return "accepted.yes";
      return isWhispered ? "accepted.waiting" : "accepted.not_whispered";
    },
    slowSentence({ updatedAt }: PayoutRow): Sentence {
      return { key: "slow.text", values: { minutes: Math.floor((desk.apiNow - Date.parse(updatedAt)) / MINUTE_MS) } };
    },
    shortId(id: string): string {
      return id.slice(0, 8);
    },
  };
}
