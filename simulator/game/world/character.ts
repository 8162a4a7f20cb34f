/** The two sides; whispers, mails and /who stop between them. */
export type Faction = "Alliance" | "Horde";

/** Somebody of the realm. */
export type Character = {
  readonly name: string;
  readonly faction: Faction;
  level: number;
  readonly class: string;
  readonly race: string;
  zone: string;
  guild: string;
  readonly guid: string;
  online: boolean;
  /** A game master who hides: online, but not for /who nor for whispers. */
  invisible: boolean;
  /** Whispers of a game master carry the GM flag. */
  gm: boolean;
  /** Text of the automatic answer while away or busy. */
  afk: string | undefined;
  dnd: string | undefined;
  /** Names that this one ignores. */
  readonly ignores: Set<string>;
  /** How many mails lie in the box; from 100 on the server takes no more. */
  mailCount: number;
  readonly whispers: ReceivedWhisper[];
  readonly mails: ReceivedMail[];
};

/** A whisper that reached somebody. */
export type ReceivedWhisper = { readonly from: string; readonly text: string; readonly atMs: number };

/** A mail that reached somebody's box. */
export type ReceivedMail = {
  readonly from: string;
  readonly subject: string;
  readonly body: string;
  readonly copper: number;
  readonly codCopper: number;
  readonly items: readonly { readonly itemId: number; readonly count: number }[];
  readonly atMs: number;
};

/** What a test says of a character; the rest is filled in. */
export type CharacterInput = Partial<Omit<Character, "name" | "guid" | "whispers" | "mails" | "ignores">>;

/** Mails that a box holds at most. */
export const MAILBOX_CAP = 100;

/** Makes a character; the number gives its guid. */
export function createCharacter(name: string, number: number, input: CharacterInput = {}): Character {
  return {
    faction: "Alliance",
    level: 80,
    class: "Mage",
    race: "Human",
    zone: "Dalaran",
    guild: "",
    online: true,
    invisible: false,
    gm: false,
    afk: undefined,
    dnd: undefined,
    mailCount: 0,
    ...input,
    name: normalizeName(name),
    guid: `0x${number.toString(16).toUpperCase().padStart(16, "0")}`,
    ignores: new Set(),
    whispers: [],
    mails: [],
  };
}

/** The way servers write a name: first letter large, the rest small, in every alphabet. */
export function normalizeName(name: string): string {
  const [first = "", ...rest] = name.trim();
  return first.toUpperCase() + rest.join("").toLowerCase();
}
