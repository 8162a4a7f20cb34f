import type { AlertCard, DesktopState, QuestionCard } from "../../wire/state.ts";
import { aboutSentence, nameOf } from "../texts/about-sentence.ts";
import type { Language } from "../texts/language.ts";
import { codeSentence, isTextKey, type Sentence, say } from "../texts/texts.ts";

/** Why the streamer is asked, and about what. */
export function questionSentence(question: QuestionCard, language: Language): Sentence {
  const { about, reason, characterName, goldAmount, itemName } = question;
  const name = characterName ?? say(language, "question.nobody");
  const what =
    about === "payout" && goldAmount !== null
      ? say(language, "question.what.payout", { gold: goldAmount, name })
      : say(language, "question.what.gift", { item: itemName ?? say(language, "question.something"), name });
  return { key: `question.why.${reason}`, values: { what } };
}

/** What happened and what to do. */
export function alertSentence({ code, details }: AlertCard, state: DesktopState | null, language: Language): Sentence {
  const key = `alert.${code}`;
  if (!isTextKey(key)) return { key: "alert.unknown", values: { code } };
  const spoken: Record<string, string> = { ...details };
  if (details.about !== undefined) {
    const about = aboutSentence(details.about, state);
    spoken.about = say(language, about.key, about.values);
  }
  if (details.id !== undefined) spoken.name = nameOf(details.id, state);
  for (const name of ["code", "reason"])
    if (details[name] !== undefined) spoken[name] = codeInWords(details[name], language);
  return { key, values: spoken };
}

/** A code as it reads inside another sentence: its text without the full stop. */
export function codeInWords(code: string, language: Language): string {
  const { key, values } = codeSentence(code);
  return key === "code.unknown" ? code : say(language, key, values).replace(/\.$/, "");
}
