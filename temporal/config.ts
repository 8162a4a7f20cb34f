import { existsSync } from "node:fs";
import {
  commonSettings,
  type Environment,
  flag,
  listeningSettings,
  productionFaults,
  readSettings,
  temporalFaults,
} from "@mgm/activities/settings";
import { isTraced } from "@mgm/activities/tracing/tracing";
import { z } from "zod";
import { BUILT_BUNDLE, BUILT_TRACED_BUNDLE } from "./bundle.ts";

/** How each of the worker's settings is read. */
export const workerSettings = commonSettings.extend({
  ...listeningSettings,
  /** A bundle that the build made. Production uses no other; elsewhere the worker makes one itself when none is named. */
  WORKFLOW_BUNDLE: z.string().optional(),
  /**
   * Activities at a time. A channel's active gift holds one for as long as it lasts and only waits, so this is what bounds
   * how many channels can give at once; draws and announcements need a few more.
   */
  WORKER_ACTIVITY_SLOTS: z.coerce.number().int().min(10).max(10_000).default(100),
  /** Twitch is not asked about viewers who came by chat either. */
  DEV_SKIP_SUBSCRIBER_CHECK: flag,
});

/** The worker's settings. */
export type WorkerConfig = z.output<typeof workerSettings>;

/** Reads and judges the worker's settings; all faults are told together. */
export function readWorkerConfig(environment: Environment): WorkerConfig {
  const config = readSettings(workerSettings, environment, [productionFaults, temporalFaults, bundleFaults]);
  return { ...config, WORKFLOW_BUNDLE: bundleOf(config) };
}

/** The bundle that a worker of these settings loads; undefined where it makes one itself. */
export function bundleOf(config: Partial<WorkerConfig>): string | undefined {
  if (config.WORKFLOW_BUNDLE !== undefined || config.NODE_ENV !== "production") return config.WORKFLOW_BUNDLE;
  return isTraced({ OTEL_SDK_DISABLED: false, OTEL_TRACES_EXPORTER: "otlp", ...config })
    ? BUILT_TRACED_BUNDLE
    : BUILT_BUNDLE;
}

function bundleFaults(config: Partial<WorkerConfig>): string[] {
  const bundle = bundleOf(config);
  return bundle === undefined || existsSync(bundle)
    ? []
    : ["WORKFLOW_BUNDLE: there is no such file; run `npm run build`"];
}
