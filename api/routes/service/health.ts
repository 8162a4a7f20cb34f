import type { ApiContext } from "../../context.ts";
import type { ApiDependencies, PartHealth } from "../../dependencies.ts";

/** GET /healthz: the process is up. */
export function getHealth() {
  return (ctx: ApiContext): void => {
    ctx.body = { status: "ok" };
  };
}

const CHECK_WITHIN_MS = 1_500;

/** GET /readyz: which parts are there. Only without PostgreSQL nothing can be done at all. */
export function getReadiness({ database, health }: Pick<ApiDependencies, "database" | "health">) {
  return async (ctx: ApiContext): Promise<void> => {
    const [postgres, temporal, worker, eventSub] = await Promise.all([
      soon(async () => {
        // A database without our schema is as good as none.
        await database.query("select from schema_migrations limit 1");
        return "ok";
      }),
      soon(health.temporal),
      soon(health.worker),
      soon(health.eventSub),
    ]);
    const parts = { postgres, temporal, worker, eventSub };
    const isDegraded = Object.values(parts).includes("down");
    const status = postgres === "down" ? "unavailable" : isDegraded ? "degraded" : "ok";
    ctx.status = status === "unavailable" ? 503 : 200;
    if (ctx.status === 503) ctx.set("Retry-After", "2");
    ctx.body = { status, ...parts, missingGrants: health.missingGrants() };
  };
}

/** A part that does not answer soon is down. */
async function soon(check: () => Promise<PartHealth>): Promise<PartHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartHealth>((resolve) => {
    timer = setTimeout(() => resolve("down"), CHECK_WITHIN_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    // Why it is down is in the log of whoever needed it.
    return "down";
  } finally {
    clearTimeout(timer);
  }
}
