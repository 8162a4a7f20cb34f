import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killDescendantsOf } from "../../temporal/start/own-processes.ts";
import { report } from "../measure/report.ts";
import { runChaos } from "./run.ts";
import { CHAOS_TIMINGS } from "./timings.ts";

/*
 * `npm run chaos`: the whole product under load while its processes are killed at random. KILLS (1000), MGM_SEED. Prints one
 * JSON line and ends with status 0 if the checker has nothing to say; otherwise everything that it looked at is kept. Ctrl-C
 * ends the killing; what was done until then is checked.
 */

const kills = Number(process.env.KILLS ?? 1_000);
const seed = Number(process.env.MGM_SEED ?? Date.now() % 1_000_000);
const folder = await mkdtemp(join(tmpdir(), "mgm-chaos-"));
const startedAt = Date.now();
const tell = (line: string): void => {
  process.stderr.write(`${((Date.now() - startedAt) / 1_000).toFixed(0).padStart(6)} s  ${line}\n`);
};
/** npm hands a signal on that the terminal sent to everybody already. */
const SAME_KEY_PRESS_MS = 1_000;
const ending = new AbortController();
let endedAt = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (ending.signal.aborted) {
      if (Date.now() - endedAt < SAME_KEY_PRESS_MS) return;
      killDescendantsOf(process.pid);
      process.exit(130);
    }
    tell("no more kills (once more ends everything at once)");
    endedAt = Date.now();
    ending.abort();
  });
}
tell(`seed ${seed}, ${kills} kills`);
const result = await runChaos({
  kills,
  seed,
  dataDir: join(folder, "data"),
  timings: CHAOS_TIMINGS,
  environment: process.env,
  signal: ending.signal,
  tell,
});
const { count, findings, settledMs, system, totals } = result;
const total = Object.values(count).reduce((sum, one) => sum + one, 0);
await system.stop();
for (const { code, subject, details } of findings) tell(`FOUND ${code} ${subject} ${details}`);
report({
  bench: "chaos",
  figure: { seed, kills: total, ...count, ...totals, settledMs, findings: findings.length },
  baseline: null,
  ratio: null,
  spread: null,
  goal: "nothing lost, paid twice or stuck",
  isReached: findings.length === 0,
  result: `${total} kills, ${findings.length} findings`,
});
if (findings.length === 0) await rm(folder, { recursive: true });
else tell(`kept: ${folder}`);
process.exit(findings.length === 0 ? 0 : 1);
