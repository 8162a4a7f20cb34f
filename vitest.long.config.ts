import { configDefaults, defineConfig } from "vitest/config";
import base, { LONG_TESTS } from "./vitest.config.ts";

/* For `npm run test:long` alone: kills, crashes, restarts, restores and long queues, whose stories take minutes. */
export default defineConfig({
  test: { ...base.test, include: LONG_TESTS, exclude: configDefaults.exclude },
});
