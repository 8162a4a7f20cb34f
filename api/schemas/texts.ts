import { isId, parseInstant } from "@mgm/domain/instant";
import { z } from "zod";

/* The forms of texts that requests and answers are made of. Patterns carry no flags: the document shows them too. */

const HEX = "[0-9a-fA-F]";
const UUID = new RegExp(`^${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}$`);

/** An id in a request: by shape, not by version; read in any case. */
export const idInRequest = z.string().regex(UUID).refine(isId).toLowerCase();

/** The path of a thing that has an id. */
export const idPath = z.object({ id: idInRequest });

/** An id in an answer. */
export const id = z.string().regex(UUID).meta({ format: "uuid" });

/** Characters that may be kept: PostgreSQL takes no NUL. */
export const storedCharacters = z.string().regex(/^[^\0]*$/);

/** A short text that is kept as it came. */
export const storedText = storedCharacters.max(255);

/** A Twitch id: opaque, and never with a NUL, which PostgreSQL would not take. */
export const twitchId = storedCharacters.min(1).max(64);

/** A time in a request: ISO 8601 UTC in the Z form, with any fraction or none. */
export const instantInRequest = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)
  .refine((text) => parseInstant(text) !== null)
  .meta({ format: "date-time" });

/** A time in an answer, with milliseconds. */
export const instant = z.string().meta({ format: "date-time", examples: ["2026-04-04T12:00:01.000Z"] });

/**
 * A character name in a request. The pattern is for readers: the rule itself is `parseCharacterName`, which has a
 * refusal of its own.
 */
export const characterNameInRequest = z.string().meta({
  description: "2 to 12 letters, Latin or Cyrillic, never both; any case.",
  pattern:
    "^(?:[A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u012F\\u0132-\\u0137\\u0139-\\u0148\\u014A-\\u017E]{2,12}|[\\u0401\\u0410-\\u044F\\u0451]{2,12})$",
  examples: ["Norinn"],
});

/** One of these words, written in any case; read as it is written here. */
export function wordInAnyCase<const Word extends string>(words: readonly Word[]) {
  const anyCase = (letter: string): string => `[${letter.toUpperCase()}${letter.toLowerCase()}]`;
  const pattern = new RegExp(`^(?:${words.map((word) => [...word].map(anyCase).join("")).join("|")})$`);
  return z
    .string()
    .regex(pattern)
    .transform((text): Word => words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? z.NEVER)
    .meta({ description: `One of ${words.join(", ")}, in any case.` });
}
