import type { RequestListener } from "node:http";
import { collectDefaultMetrics, Registry } from "prom-client";

/**
 * What one process tells Prometheus: the metrics that it declares, those that must be looked up before each answer, and
 * pages of others that it passes on.
 */
export class MetricsPage {
  readonly registry = new Registry();
  readonly #lookUps: (() => Promise<void>)[] = [];
  readonly #others: (() => Promise<string>)[] = [];

  constructor() {
    // Memory, handles, garbage collection, and how late the event loop is.
    collectDefaultMetrics({ register: this.registry });
  }

  /** Calls `lookUp` before each answer. It never rejects: what it cannot find out it leaves out. */
  beforeEach(lookUp: () => Promise<void>): void {
    this.#lookUps.push(lookUp);
  }

  /** Passes on another page of this process; what cannot be had is left out. */
  passOn(page: () => Promise<string>): void {
    this.#others.push(page);
  }

  /** The page in Prometheus' text format. */
  async text(): Promise<string> {
    const others = Promise.all(this.#others.map((page) => page().catch(() => "")));
    await Promise.all(this.#lookUps.map((lookUp) => lookUp()));
    return [await this.registry.metrics(), ...(await others)].join("\n");
  }
}

/** Answers Prometheus, and nobody else. */
export function metricsListener(page: MetricsPage): RequestListener {
  return (request, response) => {
    const [path] = (request.url ?? "").split("?");
    if (path !== "/metrics" || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(404).end();
      return;
    }
    page.text().then(
      (text) => response.writeHead(200, { "Content-Type": page.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  };
}
