import { randomBytes } from "node:crypto";
import type { SpinActivities } from "./contract.ts";
import type { Database } from "./db/database.ts";
import { decideCycle } from "./db/spin/decide-cycle.ts";
import { storeDraw, storeMissed } from "./db/spin/store-draw.ts";
import { cycleSnapshot } from "./snapshots.ts";

const ENTROPY_BYTES = 32;

/** The spin cycle's activities. */
export function createSpinActivities({ database }: { database: Database }): SpinActivities {
  return {
    async storeDraw(start) {
      const entropy = { bytes: randomBytes(ENTROPY_BYTES), source: "system generator" };
      const result = await storeDraw(database, { ...start, entropy });
      return result.kind === "stored"
        ? { kind: "stored", cycle: await cycleSnapshot(database, result.cycle) }
        : { kind: result.kind };
    },
    async storeMissed(start) {
      return await cycleSnapshot(database, await storeMissed(database, start));
    },
    async decideCycle(cycle) {
      return await cycleSnapshot(database, await decideCycle(database, { ...cycle, at: Date.now() }));
    },
  };
}
