import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/* For `npm run kill-bridge` alone: two hundred kills, whose moments a seed decides; MGM_SEED chooses other moments. */
export default defineConfig({
  test: { ...base.test, include: ["desktop/bridge/kill.test.ts"], env: { MGM_KILLS: "200" } },
});
