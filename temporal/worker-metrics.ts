import type { Database } from "@mgm/activities/db/database";
import { type Channel, FigureMetrics } from "@mgm/activities/metrics/figures";
import { MetricsPage } from "@mgm/activities/metrics/page";
import { declarePoolMetrics } from "@mgm/activities/metrics/pool";
import { ProjectionLag } from "@mgm/activities/metrics/projection-lag";
import { type MetricsExporterConfig, Runtime, type RuntimeOptions } from "@temporalio/worker";
import { freePorts } from "./engines/free-port.ts";

const INSTALL_TRIES = 3;
/** The SDK's part of the page comes over loopback from our own process. */
const SDK_WITHIN_MS = 2_000;

/** What a worker process tells Prometheus. */
export class WorkerMetrics {
  readonly page = new MetricsPage();
  readonly #figures = new FigureMetrics(this.page.registry);
  readonly lag = new ProjectionLag(this.page.registry);

  #database: Database | null = null;

  constructor() {
    declarePoolMetrics(this.page.registry, () => this.#database);
  }

  /** Looks the channel's figures up before each answer from now on. */
  watch(database: Database, channel: Channel): void {
    this.#database = database;
    this.page.beforeEach(() => this.#figures.lookUp(database, channel));
  }
}

/**
 * Installs the SDK's runtime with metrics of its own, which it serves itself on a port of its choice; returns what reads
 * them. Somebody may take the port between our look and its bind, so another is tried.
 */
export async function installMeasuredRuntime(options: RuntimeOptions): Promise<() => Promise<string>> {
  for (let attempt = 1; ; attempt++) {
    const [port] = await freePorts(1);
    const bindAddress = `127.0.0.1:${port}`;
    const metrics: MetricsExporterConfig = {
      prometheus: { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true },
    };
    try {
      Runtime.install({ ...options, telemetryOptions: { ...options.telemetryOptions, metrics } });
    } catch (error) {
      if (attempt >= INSTALL_TRIES) throw error;
      continue;
    }
    return async () => {
      const page = await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(SDK_WITHIN_MS) });
      return await page.text();
    };
  }
}
