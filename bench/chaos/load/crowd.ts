import type { Random } from "../../../simulator/game/random.ts";
import { badges, type Chatter } from "../../../simulator/twitch/viewers.ts";

/** Somebody of the crowd. A character's name is used for one stay in the pool, so that a mail tells whose it is. */
export interface Fan {
  readonly chatter: Chatter;
  readonly isSubscriber: boolean;
  /** The name of the command that Twitch took last. */
  name: string;
  names: number;
}

const FIRST_ID = 900_000_000;
const NAMES_OF_ONE = 500;
const STRANGER_EVERY = 12;

/** So many people; every twelfth does not subscribe. */
export function makeCrowd(size: number): Fan[] {
  return Array.from({ length: size }, (_, index) =>
    newFan(index, { isSubscriber: index % STRANGER_EVERY !== STRANGER_EVERY - 1 }),
  );
}

/** The person with that number. */
export function newFan(index: number, { isSubscriber }: Pick<Fan, "isSubscriber">): Fan {
  const chatter = {
    id: `${FIRST_ID + index}`,
    login: `fan_${index}`,
    displayName: `Fan_${index}`,
    badges: isSubscriber ? [badges.subscriber(2)] : [badges.premium],
  };
  return { chatter, isSubscriber, name: "", names: 0 };
}

/** A name that nobody has had; Latin or Cyrillic. */
export function newName(fan: Fan): string {
  const number = (Number(fan.chatter.id) - FIRST_ID) * NAMES_OF_ONE + fan.names++;
  const isCyrillic = number % 3 === 0;
  const letters = lettersOf(number, isCyrillic ? "абвгдежзик" : "abcdefghij");
  return `${isCyrillic ? "Я" : "Q"}${letters}`;
}

/** Somebody of them. */
export function anybody<Item>(items: readonly Item[], random: Random): Item {
  const found = items[Math.floor(random() * items.length)];
  if (found === undefined) throw new Error("nobody is there");
  return found;
}

/** A number's digits as letters. */
function lettersOf(number: number, alphabet: string): string {
  return [...String(number).padStart(4, "0")].map((digit) => alphabet[Number(digit)]).join("");
}
