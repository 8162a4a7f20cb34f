import { join, resolve } from "node:path";
import { commonSettings, type Environment, readSettings } from "@mgm/activities/settings";
import { z } from "zod";
import { temporalAddressOn } from "../engines/temporal-server.ts";
import { dataDir } from "./data-dir.ts";
import { StartError } from "./start-error.ts";

const given = z.object({
  DATA_DIR: dataDir,
  DATABASE_URL: z.string().optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
});

/** Where the Temporal server of a data folder keeps its state. */
export function temporalFileOf(dataDir: string): string {
  return join(dataDir, "temporal.db");
}

/**
 * The Temporal server that belongs to the settings' database: the one that they name, else the one that runs on the data
 * folder. Never simply the usual port: another start may have it, whose workflows are other people's.
 */
export async function findTemporalAddress(environment: Environment): Promise<string> {
  const settings = readSettings(given, environment);
  if (settings.TEMPORAL_ADDRESS !== undefined) return settings.TEMPORAL_ADDRESS;
  const dataFolder = resolve(settings.DATA_DIR);
  const running = await temporalAddressOn(temporalFileOf(dataFolder));
  if (running !== null) return running;
  // A database of one's own goes with the address that API and worker would take.
  if (settings.DATABASE_URL !== undefined) return commonSettings.shape.TEMPORAL_ADDRESS.parse(undefined);
  throw new StartError(`No Temporal runs on ${dataFolder}. Start it first: npm start -- --no-story`);
}
