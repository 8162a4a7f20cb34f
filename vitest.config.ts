import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

/** Tests that type into real windows, and the programs that they need: Debian's xvfb, x11-xkb-utils, openbox, wine, wine64. */
const TYPING_TESTS = "desktop/test/input/**";
const TYPING_PROGRAMS = ["Xvfb", "setxkbmap", "openbox", "wine", "wineserver"];

/** A machine without them says so and tests the rest; where CI or TYPING_TESTS=required is set they run, and fail. */
function leftOut(): string[] {
  const { CI, TYPING_TESTS: wish, PATH = "" } = process.env;
  const missing = TYPING_PROGRAMS.filter((program) => !PATH.split(delimiter).some((folder) => isIn(folder, program)));
  if (missing.length === 0 || CI === "true" || wish === "required") return [];
  process.stderr.write(
    `\nNOT TESTED HERE: ${TYPING_TESTS}, for want of ${missing.join(", ")}. See docs/typing.md.\n\n`,
  );
  return [TYPING_TESTS];
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
    exclude: [...configDefaults.exclude, ...leftOut()],
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
