import type { RequestListener } from "node:http";
import type { Middleware } from "koa";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { ApiState } from "./context.ts";

/** What this process counts for Prometheus. */
export class ApiMetrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<"route" | "method" | "status">;
  readonly #refusals: Counter<"code">;

  constructor() {
    // Memory, handles, garbage collection, and how late the event loop is.
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Histogram({
      name: "mgm_http_request_duration_seconds",
      help: "Requests by declared route, method and status.",
      labelNames: ["route", "method", "status"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [this.registry],
    });
    this.#refusals = new Counter({
      name: "mgm_http_refusals_total",
      help: "Refused requests by code.",
      labelNames: ["code"],
      registers: [this.registry],
    });
  }

  /** Stands in front of everything, so that it sees what was answered. */
  measured(): Middleware<ApiState> {
    return async (ctx, next) => {
      const began = performance.now();
      await next();
      // A method that nobody declared is somebody's invention: as a label it would grow without end.
      const route = ctx.state.routeName ?? "none";
      const method = ctx.state.routeName === undefined ? "any" : ctx.method;
      this.#requests.observe({ route, method, status: ctx.status }, (performance.now() - began) / 1000);
      const code = (ctx.body as { code?: unknown } | null)?.code;
      if (ctx.status >= 400 && typeof code === "string") this.#refusals.inc({ code });
    };
  }
}

/** Answers Prometheus, and nobody else. */
export function metricsListener(registry: Registry): RequestListener {
  return (request, response) => {
    const [path] = (request.url ?? "").split("?");
    if (path !== "/metrics" || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "Content-Type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  };
}
