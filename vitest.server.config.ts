import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/*
 * For `npm run test:server`: what works on Temporal's development server is tried on the server that production runs,
 * with PostgreSQL behind it. First the tests of workflows, API and the whole story that know nothing of the engine, deaths
 * and roll-outs too, then what only this server has: certificates, keys, backups.
 *
 * Not `temporal/outages.test.ts`: it takes Temporal away four times and measures how soon everything is well again, and this
 * server serves in parts for up to a minute after it was killed, so that it would measure the server and not us.
 */
export default defineConfig({
  test: {
    ...base.test,
    include: [
      "temporal/first-gold.test.ts",
      "temporal/{told-at-once,listed-status,gift-timers}.test.ts",
      "temporal/two-channels.test.ts",
      "temporal/reconcile.test.ts",
      "temporal/reconcile-gifts.test.ts",
      "temporal/gift-queue.test.ts",
      "temporal/gift-operators.test.ts",
      "temporal/runbook/{queries,messages,ends,commands}.test.ts",
      "temporal/forget/forget.test.ts",
      "temporal/restore/after-restore.test.ts",
      "temporal/{worker-death,gift-death,several-processes,rolling-restart}.test.ts",
      "api/every-route.test.ts",
      "api/eventsub.test.ts",
      "api/routes/roulette/verify-candidate.test.ts",
      "api/routes/payouts/change.test.ts",
      "api/routes/gifts/{change,request,queue}.test.ts",
      "temporal/server/*.server.ts",
    ],
    exclude: configDefaults.exclude,
    provide: { temporal: "production" },
  },
});
