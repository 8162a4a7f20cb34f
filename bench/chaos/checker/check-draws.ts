import { createHash, createHmac } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { type CycleRow, type DrawRow, type Evidence, type Finding, found, runOf } from "./evidence.ts";

/* Every draw is computed again from what is stored of it, and every cycle's id from channel and boundary. */

const URL_NAMESPACE = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");

/** Checks draws. */
export function checkDraws(evidence: Evidence): Finding[] {
  const { cycles, draws, drawLists } = evidence.tables;
  const { broadcasterId, timings } = runOf(evidence);
  const lists = new Map(drawLists.map((row) => [row.list_hash, row.names_deflated]));
  const drawn = new Map(draws.map((row) => [row.spin_cycle_id, row]));
  return cycles.flatMap((cycle) => {
    const id = cycle.spin_cycle_id;
    const boundary = cycle.boundary_at.getTime();
    const findings: Finding[] = [];
    if (id !== cycleId(broadcasterId, boundary)) findings.push(found("cycle_id_differs", id));
    if (boundary % (timings.intervalMs ?? 1) !== 0) findings.push(found("no_boundary", id));
    const draw = drawn.get(id);
    if ((draw === undefined) !== (cycle.candidate_name === null)) findings.push(found("draw_missing", id));
    if (draw === undefined) return findings;
    const drawnAt = cycle.drawn_at?.getTime() ?? Number.NaN;
    if (!(drawnAt >= boundary && drawnAt <= boundary + (timings.graceMs ?? 0))) findings.push(found("drawn_late", id));
    return [...findings, ...compute(cycle, draw, lists.get(draw.list_hash) ?? null)];
  });
}

function compute(cycle: CycleRow, draw: DrawRow, deflated: Buffer | null): Finding[] {
  const id = draw.spin_cycle_id;
  if (deflated === null) return [found("list_missing", id, draw.list_hash)];
  const bytes = inflate(deflated);
  if (bytes === null) return [found("list_altered", id, draw.list_hash)];
  const findings: Finding[] = [];
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash !== draw.list_hash) findings.push(found("list_altered", id));
  const names = bytes.toString("utf8").split("\n").slice(0, -1);
  const sorted = [...names].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const isSorted = sorted.every((name, place) => name === names[place]) && new Set(names).size === names.length;
  if (!isSorted) findings.push(found("list_unsorted", id));
  if (draw.algorithm !== "mgm-draw-1" || names.length !== draw.entrants || draw.entropy.length !== 32) {
    findings.push(found("draw_malformed", id));
  }
  const index = indexOf(draw, names.length);
  const isIt =
    index === draw.candidate_index &&
    names[index] === draw.candidate_name &&
    cycle.candidate_name === draw.candidate_name &&
    cycle.candidate_user_id === draw.candidate_user_id;
  if (!isIt) findings.push(found("draw_differs", id, `${names[index]}, but ${cycle.candidate_name} is stored`));
  const wheelIsOfList = cycle.wheel.every((name) => names.includes(name));
  if (!wheelIsOfList || !cycle.wheel.includes(draw.candidate_name)) findings.push(found("wheel_differs", id));
  return findings;
}

function indexOf({ spin_cycle_id: id, list_hash: hash, entropy }: DrawRow, entrants: number): number {
  if (entrants === 0) return -1;
  const size = BigInt(entrants);
  const limit = (2n ** 64n / size) * size;
  for (let k = 0; ; k++) {
    const x = createHmac("sha256", entropy).update(`mgm-draw-1\n${id}\n${hash}\n${k}`).digest().readBigUInt64BE();
    if (x < limit) return Number(x % size);
  }
}

/** UUID version 5 by its definition. */
function cycleId(broadcasterId: string, boundary: number): string {
  const hash = createHash("sha1").update(URL_NAMESPACE).update(`mgm:spin:${broadcasterId}:${boundary}`).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function inflate(deflated: Buffer): Buffer | null {
  try {
    return inflateRawSync(deflated);
  } catch {
    // What cannot be read is not what was stored.
    return null;
  }
}
