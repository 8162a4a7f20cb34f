import { FigureMetrics } from "@mgm/activities/metrics/figures";
import { MetricsPage } from "@mgm/activities/metrics/page";
import { declarePoolMetrics } from "@mgm/activities/metrics/pool";
import type { Middleware } from "koa";
import { Counter, Gauge, Histogram } from "prom-client";
import type { ApiState } from "./context.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { READINESS_PARTS, readReadiness } from "./readiness.ts";

/** The statuses that the chat subscription may have. */
const EVENTSUB_STATUSES = ["enabled", "pending", "revoked", "failed", "simulated", "unconfigured"] as const;

/** Which kind of command a route carries out. */
const COMMAND_ROUTES: Readonly<Record<string, "gold" | "gift">> = { postClaim: "gold", postGiftRequest: "gift" };

/** What is looked up for the page, besides the database. */
export type WatchedParts = Pick<ApiDependencies, "database" | "health" | "eventSub" | "channel" | "timings">;

/** What an API process tells Prometheus. */
export class ApiMetrics {
  readonly page = new MetricsPage();
  readonly #figures = new FigureMetrics(this.page.registry);
  readonly #requests: Histogram<"route" | "method" | "status">;
  readonly #refusals: Counter<"code">;
  readonly #commands: Readonly<Record<"gold" | "gift", Counter<"source" | "result">>>;
  readonly #health: ReturnType<typeof declareHealth>;

  /** Null only declares. */
  constructor(watched: WatchedParts | null) {
    const registers = [this.page.registry];
    declarePoolMetrics(this.page.registry, () => watched?.database ?? null);
    this.#requests = new Histogram({
      name: "mgm_http_request_duration_seconds",
      help: "Requests by declared route, method and status.",
      labelNames: ["route", "method", "status"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.#refusals = new Counter({
      name: "mgm_http_refusals_total",
      help: "Refused requests by code.",
      labelNames: ["code"],
      registers,
    });
    const commands = (name: string, help: string) =>
      new Counter({ name, help, labelNames: ["source", "result"], registers });
    this.#commands = {
      gold: commands(
        "mgm_enrolments_total",
        "Wishes to enrol that this process heard, by source and what became of them.",
      ),
      gift: commands(
        "mgm_gift_requests_total",
        "Wishes for a gift that this process heard, by source and what became of them.",
      ),
    };
    this.#health = declareHealth(this.page);
    if (watched === null) return;
    this.page.beforeEach(() => this.#figures.lookUp(watched.database, { ...watched.channel, ...watched.timings }));
    this.page.beforeEach(() => showHealth(this.#health, watched));
  }

  /** Stands in front of everything, so that it sees what was answered. */
  measured(): Middleware<ApiState> {
    return async (ctx, next) => {
      const began = performance.now();
      await next();
      // A method that nobody declared is somebody's invention: as a label it would grow without end.
      const { routeName, command } = ctx.state;
      const route = routeName ?? "none";
      const method = routeName === undefined ? "any" : ctx.method;
      this.#requests.observe({ route, method, status: ctx.status }, (performance.now() - began) / 1000);
      const code = ctx.status >= 400 ? (ctx.body as { code?: unknown } | null)?.code : undefined;
      if (typeof code === "string") this.#refusals.inc({ code });
      if (command !== undefined) this.#commands[command.kind].inc({ source: "chat", result: command.result });
      const asked = COMMAND_ROUTES[route];
      if (asked === undefined) return;
      this.#commands[asked].inc({
        source: "http",
        result: typeof code === "string" ? code : answered(asked, ctx.status),
      });
    };
  }
}

/** In the words of chat. */
function answered(kind: "gold" | "gift", status: number): string {
  if (status !== 201) return "replayed";
  return kind === "gold" ? "enrolled" : "requested";
}

function declareHealth({ registry }: MetricsPage) {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  return {
    ready: gauge("mgm_ready", "1 while this process can do anything at all; GET /readyz answers 503 otherwise."),
    parts: gauge(
      "mgm_part_up",
      "Whether a part is there, as this process sees it; 1 also where it is not used.",
      "part",
    ),
    eventSub: gauge(
      "mgm_eventsub_status",
      "1 for the status that the subscription to the channel's chat has.",
      "status",
    ),
    missingGrants: gauge("mgm_twitch_grants_missing", "Permissions on Twitch that broadcaster or bot have not given."),
    schedules: gauge(
      "mgm_schedule_active",
      "1 while a Temporal schedule is there and not paused; absent while Temporal does not answer.",
      "schedule",
    ),
  };
}

async function showHealth(metrics: ReturnType<typeof declareHealth>, parts: WatchedParts): Promise<void> {
  const { health, eventSub } = parts;
  const [readiness, standing, schedules] = await Promise.all([
    readReadiness(parts),
    eventSub.status(parts.channel.broadcasterId).catch(() => null),
    health.schedules().catch(() => null),
  ]);
  for (const metric of Object.values(metrics)) metric.reset();
  metrics.ready.set(readiness.status === "unavailable" ? 0 : 1);
  for (const part of READINESS_PARTS) metrics.parts.set({ part }, readiness[part] === "down" ? 0 : 1);
  metrics.missingGrants.set(readiness.missingGrants.length);
  for (const status of standing === null ? [] : EVENTSUB_STATUSES) {
    metrics.eventSub.set({ status }, standing?.status === status ? 1 : 0);
  }
  for (const [schedule, isActive] of Object.entries(schedules ?? {})) {
    metrics.schedules.set({ schedule }, isActive ? 1 : 0);
  }
}
