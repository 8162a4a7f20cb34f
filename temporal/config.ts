import { existsSync } from "node:fs";
import {
  commonSettings,
  type Environment,
  flag,
  productionFaults,
  readSettings,
  temporalFaults,
} from "@mgm/activities/settings";
import { z } from "zod";
import { BUILT_BUNDLE } from "./bundle.ts";

const workerSettings = commonSettings.extend({
  /** A bundle that the build made. Production uses no other; elsewhere the worker makes one itself when none is named. */
  WORKFLOW_BUNDLE: z.string().optional(),
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

function bundleOf(config: Partial<WorkerConfig>): string | undefined {
  return config.WORKFLOW_BUNDLE ?? (config.NODE_ENV === "production" ? BUILT_BUNDLE : undefined);
}

function bundleFaults(config: Partial<WorkerConfig>): string[] {
  const bundle = bundleOf(config);
  return bundle === undefined || existsSync(bundle)
    ? []
    : ["WORKFLOW_BUNDLE: there is no such file; run `npm run build`"];
}
