import { z } from "zod";
import type { ApiDependencies, PartHealth } from "../../dependencies.ts";
import { route } from "../../routing/route.ts";

export const getHealth = route(
  {
    name: "getHealth",
    method: "GET",
    path: "/healthz",
    who: "anyone",
    isUncounted: true,
    summary: "The process is up.",
    answers: { 200: z.object({ status: z.literal("ok") }) },
  },
  () => (ctx) => {
    ctx.body = { status: "ok" };
  },
);

const CHECK_WITHIN_MS = 1_500;

const part = z.enum(["ok", "down", "unconfigured", "simulated"]);

const readiness = z.object({
  status: z.enum(["ok", "degraded", "unavailable"]),
  postgres: part,
  temporal: part,
  worker: part,
  eventSub: part,
  missingGrants: z.array(z.string()),
  workerBuilds: z
    .array(z.string())
    .meta({ description: "Builds of the workflow code at work; several while workers are being replaced." }),
});

export const getReadiness = route(
  {
    name: "getReadiness",
    method: "GET",
    path: "/readyz",
    who: "anyone",
    isUncounted: true,
    summary: "Which parts are there. Only without PostgreSQL nothing can be done at all: 503.",
    answers: { 200: readiness, 503: readiness },
  },
  ({ database, health, channel }: Pick<ApiDependencies, "database" | "health" | "channel">) =>
    async (ctx) => {
      const [postgres, temporal, worker, eventSub, missingGrants, workerBuilds] = await Promise.all([
        soon<PartHealth>(async () => {
          // A database without our schema is as good as none.
          await database.query("select from schema_migrations limit 1");
          return "ok";
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
      const status = postgres === "down" ? "unavailable" : isDegraded ? "degraded" : "ok";
      ctx.status = status === "unavailable" ? 503 : 200;
      if (ctx.status === 503) ctx.set("Retry-After", "2");
      ctx.body = { status, ...parts, missingGrants, workerBuilds };
    },
);

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
