import {
  commonSettings,
  type Environment,
  productionFaults,
  readSettings,
  SettingsError,
} from "@mgm/activities/settings";
import { z } from "zod";

const workerSettings = commonSettings.extend({
  /** A bundle that the build made; without it the worker makes one itself. */
  WORKFLOW_BUNDLE: z.string().optional(),
});

/** The worker's settings. */
export type WorkerConfig = z.output<typeof workerSettings>;

/** Reads and judges the worker's settings; all faults are told together. */
export function readWorkerConfig(environment: Environment): WorkerConfig {
  const config = readSettings(workerSettings, environment);
  const faults = productionFaults(config);
  if (faults.length > 0) throw new SettingsError(faults);
  return config;
}
