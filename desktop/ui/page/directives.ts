import type Alpine from "@alpinejs/csp";
import type { Values } from "../texts/text.ts";
import { type Sentence, say, sayPieces } from "../texts/texts.ts";
import { age, countdown, timeOfDay } from "./clock-texts.ts";
import type { Desk } from "./desk.ts";

/** What the markup may use everywhere. Everything becomes text nodes, so names with markup in them stay names. */
export function addDirectives(alpine: typeof Alpine, desk: Desk): void {
  /** `$t('key', {name: …})`: a text in the streamer's language. */
  alpine.magic("t", () => (key: string, values?: Values) => say(desk.language, key, values));
  /** `$age(at)` and `$left(at)`: of times that come from the API. */
  alpine.magic("age", () => (at: string) => age(desk.apiNow - Date.parse(at), desk.language));
  alpine.magic("left", () => (at: string) => countdown(Date.parse(at) - desk.apiNow));
  alpine.magic("time", () => (at: number | string) => timeOfDay(new Date(at).getTime(), desk.language));

  /** `x-say="sentence"`: a sentence whose values stand out. */
  alpine.directive("say", (element, { expression }, { evaluateLater, effect }) => {
    const evaluate = evaluateLater<Sentence | null>(expression);
    effect(() => evaluate((sentence) => element.replaceChildren(...nodes(sentence))));
  });

  function nodes(sentence: Sentence | null): Node[] {
    if (sentence === null) return [];
    return sayPieces(desk.language, sentence).map(({ text, isValue }) => {
      if (!isValue) return document.createTextNode(text);
      const strong = document.createElement("b");
      strong.textContent = text;
      return strong;
    });
  }
}
