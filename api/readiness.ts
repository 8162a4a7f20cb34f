import { newestMigration } from "@mgm/activities/db/newest-migration";
import type { ApiDependencies, PartHealth } from "./dependencies.ts";

const CHECK_WITHIN_MS = 1_500;

/** The parts that readiness looks at. */
export const READINESS_PARTS = ["postgres", "temporal", "worker", "eventSub"] as const;

/** Which parts are there. Only without PostgreSQL nothing can be done at all. */
export interface Readiness extends Readonly<Record<(typeof READINESS_PARTS)[number], PartHealth>> {
  readonly status: "ok" | "degraded" | "unavailable";
  readonly missingGrants: readonly string[];
  readonly workerBuilds: readonly string[];
}

/** Asks every part; never rejects, and answers soon. */
export async function readReadiness({
  database,
  health,
  channel,
}: Pick<ApiDependencies, "database" | "health" | "channel">): Promise<Readiness> {
  const [postgres, temporal, worker, eventSub, missingGrants, workerBuilds] = await Promise.all([
    soon<PartHealth>(async () => {
      // A database without our schema, or with an older build's, is as good as none.
      const { rowCount } = await database.query("select from schema_migrations where name = $1", [
        await newestMigration(),
      ]);
      return rowCount === 1 ? "ok" : "down";
    }, "down"),
    soon<PartHealth>(health.temporal, "down"),
    soon<PartHealth>(health.worker, "down"),
    soon<PartHealth>(health.eventSub, "down"),
    // Without PostgreSQL nobody knows, and `postgres` says why.
    soon<readonly string[]>(() => health.missingGrants(channel.broadcasterId), []),
    soon<readonly string[]>(health.workerBuilds, []),
  ]);
  const parts = { postgres, temporal, worker, eventSub };
  const isDegraded = Object.values(parts).includes("down");
  return {
    status: postgres === "down" ? "unavailable" : isDegraded ? "degraded" : "ok",
    ...parts,
    missingGrants,
    workerBuilds,
  };
}

/** What a part says of itself; what does not answer soon counts as `otherwise`. */
async function soon<Health>(check: () => Promise<Health>, otherwise: Health): Promise<Health> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Health>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), CHECK_WITHIN_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    // Why it is down is in the log of whoever needed it.
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
