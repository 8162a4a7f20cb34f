import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareUtf8, DRAW_ALGORITHM } from "./draw.ts";
import { type DrawRecord, drawFaults, listState } from "./draw-record.ts";
import { FORGOTTEN_NAME } from "./forgotten.ts";
import { readVectors } from "./golden/vectors.ts";

const hashes = {
  hmacSha256: (key: Uint8Array, text: string) => createHmac("sha256", key).update(text).digest(),
  sha256Hex: (text: string) => createHash("sha256").update(text).digest("hex"),
  fromHex: (hex: string) => Buffer.from(hex, "hex"),
};

/** The golden draws whose names are written out. */
const records: DrawRecord[] = readVectors(readFileSync(new URL("golden/draws.tsv", import.meta.url), "utf8"))
  .map(({ columns }) => columns)
  .filter(([given = "-"]) => given !== "-" && given !== "rule")
  .map(([given = "", count, spinCycleId = "", entropy = "", listHash = "", index]) => {
    const names = given.split(",").sort(compareUtf8);
    return {
      algorithm: DRAW_ALGORITHM,
      spinCycleId,
      drawnAt: "2026-04-04T12:00:00.000Z",
      entropy,
      entropySource: "golden",
      listHash,
      entrants: Number(count),
      index: Number(index),
      candidate: names[Number(index)] ?? "",
      names,
    };
  });
const record = records.find(({ entrants }) => entrants === 10);
if (record === undefined) throw new Error("the golden draws have none of ten names");
const names = record.names ?? [];

describe("a draw that is computed again", () => {
  it.each(records)("is what was stored: $spinCycleId", (one) => {
    expect(drawFaults(one, hashes)).toEqual([]);
  });

  it("can be judged without its list too", () => {
    expect(drawFaults({ ...record, names: null }, hashes)).toEqual([]);
    expect(drawFaults({ ...record, names: null, index: 2 }, hashes)).toEqual(["index_differs"]);
  });

  it("is judged by its place alone where somebody of its list was forgotten", () => {
    const forgotten = { ...record, names: [FORGOTTEN_NAME, ...names.slice(1)], candidate: FORGOTTEN_NAME };
    expect([record, { ...record, names: null }, forgotten].map(listState)).toEqual(["whole", "gone", "forgotten"]);
    expect(drawFaults(forgotten, hashes)).toEqual([]);
    expect(drawFaults({ ...forgotten, index: 2 }, hashes)).toEqual(["index_differs"]);
  });

  it.each<[string, Partial<DrawRecord>, string[]]>([
    ["another candidate", { candidate: names[0] ?? "" }, ["candidate_differs"]],
    ["another place", { index: 2 }, ["index_differs"]],
    ["other entropy", { entropy: "00".repeat(32) }, ["index_differs", "candidate_differs"]],
    ["a list that was mended", { names: [...names.slice(0, -1), "Яяя"] }, ["list_hash_differs"]],
    ["a name left out", { names: names.slice(0, -1) }, ["list_hash_differs", "entrants_differ"]],
    ["another order", { names: names.toReversed() }, ["list_not_sorted", "list_hash_differs", "candidate_differs"]],
    ["another algorithm", { algorithm: "mgm-draw-0" }, ["unknown_algorithm"]],
    ["nobody", { entrants: 0, names: [] }, ["unknown_algorithm"]],
  ])("tells %s", (_what, change, faults) => {
    expect(drawFaults({ ...record, ...change }, hashes)).toEqual(faults);
  });
});
