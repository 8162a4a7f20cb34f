import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/* For `npm run record-histories` alone. */
export default defineConfig({ test: { ...base.test, include: ["temporal/record-histories.record.ts"] } });
