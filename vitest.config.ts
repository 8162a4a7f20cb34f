import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: ["temporal/test/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    // Tests that run side by side in one file wait for time-outs, not for the processor.
    maxConcurrency: 5,
    // Shared machines stall for seconds now and then; a test that needed its second try is reported as such.
    retry: process.env.CI === "true" ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
