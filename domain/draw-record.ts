import { compareUtf8, DRAW_ALGORITHM, drawIndex, drawListText, type HmacSha256 } from "./draw.ts";
import { FORGOTTEN_NAME } from "./forgotten.ts";

/*
 * A draw as it is shown to everybody: all that its result depends on, and the result. Whoever has it can compute the
 * result again and needs to trust nobody.
 */

/** A stored draw with its list. Ids, hash and entropy are lower case; entropy is hex. */
export interface DrawRecord {
  readonly algorithm: string;
  readonly spinCycleId: string;
  /** ISO 8601 UTC. */
  readonly drawnAt: string;
  readonly entropy: string;
  /** What the entropy was taken from. */
  readonly entropySource: string;
  readonly listHash: string;
  readonly entrants: number;
  readonly index: number;
  readonly candidate: string;
  /** The list; null once it is no longer kept. */
  readonly names: readonly string[] | null;
}

/** What can be said of a record's list: it is whole, no longer kept, or names somebody who was forgotten. */
export type ListState = "whole" | "gone" | "forgotten";

/** How the list stands; only a whole one can be held against its hash. */
export function listState({ names }: DrawRecord): ListState {
  if (names === null) return "gone";
  return names.includes(FORGOTTEN_NAME) ? "forgotten" : "whole";
}

/** What does not fit in a record. */
export type DrawFault =
  | "unknown_algorithm"
  | "list_not_sorted"
  | "list_hash_differs"
  | "entrants_differ"
  | "index_differs"
  | "candidate_differs";

/** Computes a draw again and tells all that comes out otherwise; without a whole list only the index can be computed. */
export function drawFaults(
  record: DrawRecord,
  hashes: {
    readonly hmacSha256: HmacSha256;
    readonly sha256Hex: (text: string) => string;
    readonly fromHex: (hex: string) => Uint8Array;
  },
): DrawFault[] {
  if (record.algorithm !== DRAW_ALGORITHM || record.entrants < 1) return ["unknown_algorithm"];
  const faults: DrawFault[] = [];
  const { spinCycleId, listHash, entrants } = record;
  const names = listState(record) === "whole" ? record.names : null;
  if (names !== null) {
    const isSorted = names.every((name, at) => at === 0 || compareUtf8(names[at - 1] ?? "", name) < 0);
    if (!isSorted) faults.push("list_not_sorted");
    if (hashes.sha256Hex(drawListText(names)) !== listHash) faults.push("list_hash_differs");
    if (names.length !== entrants) faults.push("entrants_differ");
  }
  const index = drawIndex(
    { spinCycleId, listHash, entropy: hashes.fromHex(record.entropy), entrants },
    hashes.hmacSha256,
  );
  if (index !== record.index) faults.push("index_differs");
  if (names !== null && names[index] !== record.candidate) faults.push("candidate_differs");
  return faults;
}
