import { writeFileSync } from "node:fs";
import { metricsReference, REFERENCE_FILE } from "./reference.ts";

/* `npm run metrics-reference`. */

writeFileSync(REFERENCE_FILE, metricsReference());
