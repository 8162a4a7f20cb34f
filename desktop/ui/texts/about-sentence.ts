import type { DesktopState } from "../../wire/state.ts";
import { isTextKey, type Sentence } from "./texts.ts";

/** What a command is about, in words: `whisper:<payoutId>`, `gold:<id>,<id>`, `hello`. */
export function aboutSentence(about: string, state: DesktopState | null): Sentence {
  const [kind = "", ids = ""] = about.split(":");
  const key = `about.${kind}`;
  if (!isTextKey(key)) return { key: "about.unknown", values: { about } };
  return {
    key,
    values: {
      name: ids
        .split(",")
        .map((id) => nameOf(id, state))
        .join(", "),
    },
  };
}

/** The character that a payout or gift request is for; the id's beginning where the window does not know it. */
export function nameOf(id: string, state: DesktopState | null): string {
  const row = [...(state?.payouts ?? []), ...(state?.gifts ?? [])].find((one) => one.id === id);
  return row?.characterName ?? id.slice(0, 8);
}
