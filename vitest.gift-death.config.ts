import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/*
 * For `npm run gift-death` alone: workers that are killed in the middle of gift requests. Three points failed until
 * messages were taken in turn; it belongs among the tests again when it was seen to hold over many runs.
 */
export default defineConfig({
  test: { ...base.test, include: ["temporal/gift-death.kill.ts"], retry: 0 },
});
