import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/*
 * For `npm run test:server`: what works on Temporal's development server is tried on the server that production runs,
 * with PostgreSQL behind it. First the tests of workflows, API and the whole story that know nothing of the engine, then
 * what only this server has: certificates, keys, backups.
 */
export default defineConfig({
  test: {
    ...base.test,
    include: [
      "temporal/first-gold.test.ts",
      "temporal/reconcile.test.ts",
      "api/routes/roulette/verify-candidate.test.ts",
      "api/routes/payouts/change.test.ts",
      "temporal/server/*.server.ts",
    ],
    exclude: configDefaults.exclude,
    provide: { temporal: "production" },
  },
});
