import { temporalSettings } from "@mgm/activities/settings";
import { z } from "zod";

/** How each of the settings of `npm run temporal-setup` is read. */
export const setupSettings = temporalSettings.extend({
  /** How long the histories of ended workflows are kept, in days; of a namespace that is made here. */
  TEMPORAL_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
});
