import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence } from "../texts/texts.ts";

/** The one primary button, by click or by F9: accepted payouts are named to the game. */
export function sync(desk: Desk) {
  return {
    isWorking: false,
    outcome: null as Sentence | null,

    get count(): number {
      return desk.state?.sync.count ?? 0;
    },
    get label(): Sentence {
      return this.count === 0 ? { key: "sync.button.none" } : { key: "sync.button", values: { n: this.count } };
    },
    /** Why it cannot be pressed, or what pressing it does or did. */
    get why(): Sentence {
      if (this.isWorking) return { key: "sync.why.working" };
      if (!desk.isOpen) return { key: "sync.why.bridge" };
      if (this.outcome !== null) return this.outcome;
      const disabledBy = desk.state?.sync.disabledBy ?? null;
      return disabledBy === null ? { key: "sync.ready" } : { key: `sync.why.${disabledBy}` };
    },
    get isDisabled(): boolean {
      return !desk.isOpen || this.isWorking || desk.state?.sync.disabledBy !== null;
    },
    async sync() {
      if (this.isDisabled || desk.view !== "work" || desk.confirmation !== null) return;
      const n = this.count;
      this.isWorking = true;
      const result = await desk.ask({ kind: "sync" });
      this.isWorking = false;
      this.outcome = result.ok ? { key: "sync.done", values: { n } } : codeSentence(result.code, result.details);
      setTimeout(() => {
        this.outcome = null;
      }, 6_000);
    },
  };
}
