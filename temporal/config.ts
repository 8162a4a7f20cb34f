import { existsSync } from "node:fs";
import {
  commonSettings,
  type Environment,
  flag,
  productionFaults,
  readSettings,
  SettingsError,
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
  const config = readSettings(workerSettings, environment);
  const faults = productionFaults(config);
  if (config.NODE_ENV === "production" && config.DEV_SKIP_SUBSCRIBER_CHECK) {
    faults.push("DEV_SKIP_SUBSCRIBER_CHECK: production does not skip it");
  }
  const bundle = config.WORKFLOW_BUNDLE ?? (config.NODE_ENV === "production" ? BUILT_BUNDLE : undefined);
  if (bundle !== undefined && !existsSync(bundle))
    faults.push("WORKFLOW_BUNDLE: there is no such file; run `npm run build`");
  if (faults.length > 0) throw new SettingsError(faults);
  return { ...config, WORKFLOW_BUNDLE: bundle };
}
