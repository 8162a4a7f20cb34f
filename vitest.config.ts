import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

/** Tests that need more of the machine than Node, and the programs that they need. */
const MACHINE_TESTS = [
  // Real windows. Debian's xvfb, x11-xkb-utils, openbox, wine, wine64.
  {
    tests: ["desktop/test/input/**"],
    programs: ["Xvfb", "setxkbmap", "openbox", "wine", "wineserver"],
    see: "docs/explanation/typing.md",
  },
  // A real keyring. Debian's gnome-keyring, dbus-daemon.
  {
    tests: ["desktop/bridge/api-key/keyring.test.ts"],
    programs: ["gnome-keyring-daemon", "dbus-run-session"],
    see: "docs/reference/desktop.md",
  },
  // A real Prometheus. Debian's prometheus.
  {
    tests: ["temporal/monitoring/monitoring.test.ts"],
    programs: ["prometheus", "promtool"],
    see: "README.md",
  },
  // A real browser. Debian's chromium.
  {
    tests: [
      "desktop/ui/window.test.ts",
      "desktop/ui/accessibility.test.ts",
      "desktop/bridge/neutralino/neutralino.test.ts",
      "desktop/test/window-with-bridge.test.ts",
      "extension/test/**",
      "temporal/runbook/web-ui.test.ts",
    ],
    programs: ["/usr/bin/chromium"],
    see: "README.md",
  },
];

/** What would take the tests past twenty minutes on two cores: `npm run test:long` runs it, and CI does. */
export const LONG_TESTS = [
  "bench/chaos/*.test.ts",
  "desktop/bridge/game-crash.test.ts",
  "desktop/bridge/gift-crash.test.ts",
  "temporal/forget/forget.test.ts",
  "temporal/gift-death.test.ts",
  "temporal/gift-queue.test.ts",
  "temporal/outages.test.ts",
  "temporal/restore/after-restore.test.ts",
  "temporal/rolling-restart.test.ts",
  "temporal/several-processes.test.ts",
  "temporal/worker-death.test.ts",
];

/** A machine without them says so and tests the rest; where CI or MACHINE_TESTS=required is set they run, and fail. */
function leftOut(): string[] {
  const { CI, MACHINE_TESTS: wish, PATH = "" } = process.env;
  if (CI === "true" || wish === "required") return [];
  const isThere = (program: string) =>
    isAbsolute(program) ? isIn("", program) : PATH.split(delimiter).some((folder) => isIn(folder, program));
  return MACHINE_TESTS.flatMap(({ tests, programs, see }) => {
    const missing = programs.filter((program) => !isThere(program));
    if (missing.length === 0) return [];
    process.stderr.write(`\nNOT TESTED HERE: ${tests.join(", ")}, for want of ${missing.join(", ")}. See ${see}.\n\n`);
    return tests;
  });
}

function isIn(folder: string, program: string): boolean {
  try {
    accessSync(join(folder, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...LONG_TESTS, ...leftOut()],
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
