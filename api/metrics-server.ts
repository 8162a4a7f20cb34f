import { type MetricsPage, metricsListener } from "@mgm/activities/metrics/page";
import type { Logger } from "pino";
import { type ListeningServer, listenHttp } from "./http-server.ts";

/** Serves a process's metrics. They are no reason not to work: where their port is taken, it goes without (null). */
export async function serveMetrics(
  page: MetricsPage,
  { METRICS_PORT: port, HOST: host }: { readonly METRICS_PORT: number; readonly HOST: string },
  log: Logger,
): Promise<ListeningServer | null> {
  try {
    const server = await listenHttp(metricsListener(page), { port, host });
    log.info({ port: server.port }, "the metrics are served");
    return server;
  } catch (error) {
    log.warn({ error, port }, "the metrics port cannot be used; this process has no metrics");
    return null;
  }
}
