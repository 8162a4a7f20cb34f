import { WHEEL_NAMES } from "./economics.ts";

/*
 * The draw `mgm-draw-1`: from a stored list, entropy and cycle id anybody can compute the candidate again.
 * The list is the eligible canonical names, sorted by their UTF-8 bytes, each followed by a line feed.
 */

/** Name of the algorithm, stored with every draw. */
export const DRAW_ALGORITHM = "mgm-draw-1";

/** HMAC-SHA-256; given by the caller, because this package imports nothing. */
export type HmacSha256 = (key: Uint8Array, text: string) => Uint8Array;

/** Orders two strings by their UTF-8 bytes (which is the order of their code points). */
export function compareUtf8(a: string, b: string): number {
  const left = a[Symbol.iterator]();
  const right = b[Symbol.iterator]();
  for (;;) {
    const x = left.next();
    const y = right.next();
    if (x.done || y.done) return x.done ? (y.done ? 0 : -1) : 1;
    const difference = (x.value.codePointAt(0) ?? 0) - (y.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
}

/** The text whose SHA-256 is the list's hash. */
export function drawListText(sortedNames: readonly string[]): string {
  return sortedNames.map((name) => `${name}\n`).join("");
}

/** Everything that a draw's result depends on. Id and hash are lower case hex. */
export interface DrawInput {
  readonly spinCycleId: string;
  readonly listHash: string;
  /** 32 random bytes. */
  readonly entropy: Uint8Array;
  /** Length of the list, at least 1. */
  readonly entrants: number;
}

/** The drawn place in the list, uniform over 0 … entrants - 1. */
export function drawIndex(input: DrawInput, hmacSha256: HmacSha256): number {
  const entrants = BigInt(input.entrants);
  if (entrants < 1n) throw new RangeError("a draw needs at least one entrant");
  // Rejecting the incomplete last run of the 64-bit range is what makes every place equally likely.
  const limit = ((1n << 64n) / entrants) * entrants;
  for (let k = 0; ; k++) {
    const digest = hmacSha256(input.entropy, `${DRAW_ALGORITHM}\n${input.spinCycleId}\n${input.listHash}\n${k}`);
    let x = 0n;
    for (const byte of digest.subarray(0, 8)) x = (x << 8n) | BigInt(byte);
    if (x < limit) return Number(x % entrants);
  }
}

/** The names on the wheel: evenly spread over the list, in list order, the candidate among them. */
export function wheelNames(sortedNames: readonly string[], candidateIndex: number): string[] {
  const count = Math.min(sortedNames.length, WHEEL_NAMES);
  const places = Array.from(
    { length: count },
    (_, i) => (candidateIndex + Math.floor((i * sortedNames.length) / count)) % sortedNames.length,
  );
  return places.sort((a, b) => a - b).map((place) => sortedNames[place] ?? "");
}
