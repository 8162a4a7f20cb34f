import { Ending } from "./ending.ts";
import { readFlags, USAGE } from "./flags.ts";
import { killDescendantsOf } from "./own-processes.ts";
import { progressTo, sinceStartMs, type Tell } from "./progress.ts";

/*
 * `npm start`. Signals are heard from the first moment on; all that takes time to load is loaded after that.
 */

const USAGE_STATUS = 2;
const KILLED_STATUS = 130;
/** npm hands a signal on that the terminal sent to everybody already, so that one Ctrl-C may arrive twice. */
const SAME_KEY_PRESS_MS = 1_000;

const { flags, reason } = readFlags(process.argv.slice(2));
if (flags === null) {
  process.stderr.write(`${reason}\n\n${USAGE}`);
  process.exit(USAGE_STATUS);
}
if (flags.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
// With --once, standard output is for programs.
const tell = progressTo(flags.once ? process.stderr : process.stdout);
const ending = new Ending();
trapSignals(ending, tell);
const { run } = await import("./run.ts");
process.exit(await run(flags, ending, tell));

function trapSignals(ending: Ending, tell: Tell): void {
  let firstAt: number | null = null;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      const now = sinceStartMs();
      if (firstAt === null) {
        firstAt = now;
        tell("stopping (once more ends everything at once)");
        ending.end(0);
      } else if (now - firstAt > SAME_KEY_PRESS_MS) {
        killDescendantsOf(process.pid);
        process.exit(KILLED_STATUS);
      }
    });
  }
}
