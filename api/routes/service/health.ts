import { z } from "zod";
import type { ApiDependencies } from "../../dependencies.ts";
import { readReadiness } from "../../readiness.ts";
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
  (deps: Pick<ApiDependencies, "database" | "health" | "channel">) => async (ctx) => {
    const found = await readReadiness(deps);
    ctx.status = found.status === "unavailable" ? 503 : 200;
    if (ctx.status === 503) ctx.set("Retry-After", "2");
    ctx.body = found;
  },
);
