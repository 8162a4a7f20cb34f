import type { Language, Texts } from "../texts/texts.ts";

/** What every view is spoken with. */
export interface Spoken {
  readonly texts: Texts;
  readonly language: Language;
  /** The server's time. */
  readonly now: number;
}
