import { createHash, randomUUID } from "node:crypto";

/** Makes one fresh id, in the shape of a UUID. */
export type NewId = () => string;

/**
 * Ids for events and messages: random by default, the same sequence again for the same seed.
 * A demo must not be seeded: its database outlives it, and repeated ids would count as repeats.
 */
export function idSource(seed?: string): NewId {
  if (seed === undefined) return randomUUID;
  let count = 0;
  return () => {
    const hex = createHash("sha256").update(`${seed}:${count++}`).digest("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
  };
}
