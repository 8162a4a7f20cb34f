import type { ItemResult } from "../../wire/protocol.ts";
import { codeSentence, type Sentence } from "../texts/texts.ts";
import type { Confirmation, ConfirmationLine } from "./confirmation.ts";
import type { Desk } from "./desk.ts";

/*
 * The only modal dialog of the window.  closed ──desk.confirmation set──► asking ──yes──► working ──► done ──► closed
 * While working it cannot be left: what was asked for will happen.
 */

/** The dialog; its element is `x-ref="dialog"`. */
export function confirmDialog(desk: Desk) {
  return {
    phase: "asking" as "asking" | "working" | "done",
    note: "",
    results: [] as readonly ItemResult[],
    $refs: {} as { dialog: HTMLDialogElement },
    $watch: undefined as unknown as (expression: string, take: (value: Confirmation | null) => void) => void,

    get it(): Confirmation | null {
      return desk.confirmation;
    },
    get canRun(): boolean {
      return this.phase === "asking" && (this.it?.needsNote !== true || this.note.trim() !== "");
    },
    init() {
      this.$watch("it", (it) => {
        if (it === null || this.$refs.dialog.open) return;
        this.phase = "asking";
        this.note = "";
        this.results = [];
        this.$refs.dialog.showModal();
      });
    },
    async run() {
      if (!this.canRun || this.it === null) return;
      this.phase = "working";
      this.results = await this.it.run(this.note.trim());
      this.phase = "done";
    },
    close() {
      if (this.phase !== "working") this.$refs.dialog.close();
    },
    /** Also by Escape. */
    closed() {
      desk.confirmation = null;
    },
    resultOf({ id }: ConfirmationLine): Sentence | null {
      const result = this.results.find((one) => one.id === id);
      if (result === undefined) return null;
      return result.ok ? { key: "item.ok" } : codeSentence(result.code ?? "");
    },
    isBad({ id }: ConfirmationLine): boolean {
      return this.results.some((one) => one.id === id && !one.ok);
    },
  };
}
