import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/* For `npm run gift-load` alone. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["temporal/gift-load.load.ts"],
    testTimeout: 4 * 3_600_000,
    retry: 0,
    provide: { gifts: Number(process.env.GIFTS ?? 10_000) },
  },
});
