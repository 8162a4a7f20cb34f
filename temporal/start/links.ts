import { join } from "node:path";
import { payoutWorkflowId } from "@mgm/workflows/ids";
import { type Running, shown } from "./bring-up.ts";
import type { StartPlan } from "./config.ts";
import { logFolderOf } from "./log-files.ts";
import type { Tell } from "./progress.ts";

/** Tells where everything is. `windowUrl` is the streamer's window; null where the demo has none. */
export function tellLinks(
  tell: Tell,
  plan: StartPlan,
  { apiUrl, webUiUrl, viewersSideUrl, metricsUrls, settings }: Running,
  windowUrl: string | null,
): void {
  const { intervalMs } = settings.TIMINGS;
  const pace = `a spin every ${intervalMs / 1000} s`;
  tell(
    [
      "everything is up",
      `API               ${apiUrl}  (state of all parts: ${apiUrl}/readyz)`,
      ...(viewersSideUrl === null
        ? []
        : [`viewers' side     ${viewersSideUrl}  (what viewers and streamer see on Twitch)`]),
      ...(webUiUrl === null ? [] : [`Temporal Web UI   ${webUiUrl}`]),
      ...(windowUrl === null ? [] : [`streamer's window ${windowUrl}`]),
      `metrics           ${metricsUrls.join("  ")}  (API and worker, for Prometheus)`,
      `data              ${shown(plan.dataDir)}`,
      `logs              ${shown(join(logFolderOf(plan.dataDir)))}`,
      plan.hasDemoTimings ? `pace              DEMO: ${pace} instead of every 5 minutes` : `pace              ${pace}`,
      "Ctrl-C stops everything; the next start goes on with the same data.",
    ].join("\n"),
  );
}

/** The page of a payout's workflow in the Temporal Web UI; null where the server is not ours. */
export function payoutPageOf({ webUiUrl, settings }: Running, payoutId: string): string | null {
  if (webUiUrl === null) return null;
  return `${webUiUrl}/namespaces/${settings.TEMPORAL_NAMESPACE}/workflows/${payoutWorkflowId(payoutId)}`;
}
