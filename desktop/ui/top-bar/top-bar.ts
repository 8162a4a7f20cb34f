import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence, say } from "../texts/texts.ts";
import { type Fact, type Pill, pillsOf } from "./pills.ts";

/** Title, pills, and the way to the settings. One pill at a time shows its facts. */
export function topBar(desk: Desk) {
  return {
    openId: null as Pill["id"] | null,
    outcome: null as Sentence | null,

    get pills(): readonly Pill[] {
      return desk.state === null ? [] : pillsOf(desk.state, desk.language);
    },
    get isInSettings(): boolean {
      return desk.view === "settings";
    },
    toggle(id: Pill["id"]) {
      this.openId = this.openId === id ? null : id;
      this.outcome = null;
    },
    close() {
      this.openId = null;
    },
    textOf({ value }: Fact): string {
      return typeof value === "string" ? value : say(desk.language, value.key, value.values);
    },
    toggleSettings() {
      desk.view = this.isInSettings ? "work" : "settings";
    },
    async sayHello() {
      const result = await desk.ask({ kind: "say_hello" });
      this.outcome = result.ok ? null : codeSentence(result.code, result.details);
    },
    async refresh() {
      const result = await desk.ask({ kind: "refresh" });
      this.outcome = result.ok ? null : codeSentence(result.code, result.details);
    },
  };
}
