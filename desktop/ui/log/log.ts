import type { EventRow } from "../../wire/state.ts";
import { copyText } from "../page/clipboard.ts";
import { timeOfDay } from "../page/clock-texts.ts";
import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence, say } from "../texts/texts.ts";
import { eventSentence } from "./event-sentence.ts";

/** The event log at the bottom, newest first; copied and exported oldest first, as one reads a story. */
export function eventLog(desk: Desk, exportText: (name: string, text: string) => Promise<Sentence | null>) {
  return {
    outcome: null as Sentence | null,

    get rows(): readonly EventRow[] {
      return (desk.state?.events ?? []).toReversed();
    },
    sentence(row: EventRow): Sentence {
      return eventSentence(row, desk.state, desk.language);
    },
    asText(): string {
      const line = (row: EventRow) => {
        const { key, values } = this.sentence(row);
        return `${new Date(row.at).toISOString()}\t${row.level}\t${say(desk.language, key, values)}`;
      };
      return `${(desk.state?.events ?? []).map(line).join("\n")}\n`;
    },
    async copy() {
      this.outcome = (await copyText(this.asText())) ? { key: "log.copied" } : codeSentence("clipboard");
    },
    async clear() {
      const result = await desk.ask({ kind: "clear_events" });
      this.outcome = result.ok ? null : codeSentence(result.code, result.details);
    },
    async save() {
      const day = new Date(desk.now).toISOString().slice(0, 10);
      const time = timeOfDay(desk.now, "en").replaceAll(":", "-");
      this.outcome = await exportText(`gold-o-matic-${day}-${time}.txt`, this.asText());
    },
  };
}
