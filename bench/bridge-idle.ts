import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { encryptedFilePlace } from "../desktop/bridge/api-key/encrypted-file-place.ts";
import { filesOf } from "../desktop/bridge/settings/data-folder.ts";
import { startHttpDouble } from "../desktop/test/http-double.ts";
import { logLine } from "../desktop/test/log-lines.ts";
import { cpuSeconds, pssBytes } from "./measure/processor.ts";
import { report } from "./measure/report.ts";

/*
 * What the desktop's bridge costs while nothing happens: `npm run bench:bridge-idle` (Linux).
 *
 * The program itself, bundled as it is shipped, with its usual poll of 15 s, an API that has nothing for it, and a log: an
 * empty one, and one of 100 MB that it has to read first. Prints one JSON line per log: processor time of the minutes at
 * rest as a share of one core, the largest proportional set in MB of 10^6 bytes, and what reading the log took.
 */

const GOALS = { corePercent: 1, pssMB: 80 } as const;
const LOOK_EVERY_MS = 5_000;
const QUIET_FOR_MS = 5_000;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, "log-mb": { type: "string", default: "0,100" } },
});
const minutes = Number(values.minutes);
const main = await bundle();
await Promise.all(values["log-mb"].split(",").map((megabytes) => measure(main, Number(megabytes))));

/** The program in one file, with its packages beside it, as it is shipped. */
async function bundle(): Promise<string> {
  const folder = join(ROOT, "node_modules", ".cache", "mgm-bench");
  const outfile = join(folder, "bridge", "main.mjs");
  await build({
    entryPoints: [join(ROOT, "desktop", "bridge", "main.ts")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["classic-level", "@napi-rs/keyring", "koffi", "robotjs", "x11"],
    // What packages of the older kind take for granted.
    banner: {
      js: `import { createRequire } from "node:module";
const require = createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`,
    },
  });
  await writeFile(join(folder, "package.json"), await readFile(join(ROOT, "desktop", "package.json")));
  return outfile;
}

async function measure(main: string, logMegabytes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-idle-"));
  const server = await startHttpDouble();
  server.answer = ({ path }) => ({ status: path.endsWith("/candidate") ? 204 : 200, body: bodyOf(path) });
  const logPath = join(folder, "Logs", "WoWChatLog.txt");
  await mkdir(join(folder, "Logs"));
  await writeLog(logPath, logMegabytes);
  const data = join(folder, "data");
  await mkdir(data);
  const files = filesOf(data);
  await encryptedFilePlace({ secret: files.encryptedApiKey, key: files.apiKeySecret }).write("key");
  await writeFile(files.settings, JSON.stringify({ version: 1, settings: { apiUrl: server.url, logPath } }));

  const startedAt = Date.now();
  const flags = ["--serve", "--no-open", "--port", "0", "--data-dir", data];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const { pid = Number.NaN } = child;
  await once(child.stdout, "data");
  const readMs = (await quietSince(pid)) - startedAt;
  const before = await cpuSeconds(pid);
  const restFrom = Date.now();
  let pssMB = 0;
  while (Date.now() - restFrom < minutes * 60_000) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    pssMB = Math.max(pssMB, (await pssBytes(pid)) / 1e6);
  }
  const restSeconds = (Date.now() - restFrom) / 1_000;
  const corePercent = (100 * ((await cpuSeconds(pid)) - before)) / restSeconds;
  report({
    bench: `bridge-idle/${logMegabytes} MB log`,
    figure: {
      minutes,
      startMs: readMs,
      startCpuSeconds: round(before),
      corePercent: round(corePercent),
      pssMB: round(pssMB),
      polls: server.heard.filter(({ path }) => path === "/api/payouts/pending").length,
    },
    baseline: null,
    ratio: null,
    spread: null,
    goal: `under ${GOALS.corePercent} % of a core and ${GOALS.pssMB} MB`,
    isReached: corePercent < GOALS.corePercent && pssMB < GOALS.pssMB,
    result: `${round(corePercent)} % of a core, ${round(pssMB)} MB`,
  });
  child.kill("SIGTERM");
  await once(child, "exit");
  await server.stop();
  await rm(folder, { recursive: true });
}

/** An API that has nothing to do. */
function bodyOf(path: string): unknown {
  if (path.endsWith("/heartbeat")) return { active: true, activeDesktopId: null, activeSince: null };
  if (path === "/api/version") {
    const version = "0.1.0";
    return { version, minimumDesktopVersion: version, minimumAddonVersion: version, minimumExtensionVersion: version };
  }
  return path.endsWith("/candidate") ? null : [];
}

async function writeLog(path: string, megabytes: number): Promise<void> {
  const file = await open(path, "w");
  const block = Buffer.from(logLine(`[2. Trade] Somebody: ${"wares ".repeat(12)}`).repeat(10_000));
  for (let bytes = 0; bytes < megabytes * 1_000_000; bytes += block.length) await file.write(block);
  await file.close();
}

/** When the process came to rest: it has used hardly any processor time since. */
async function quietSince(pid: number): Promise<number> {
  for (let before = await cpuSeconds(pid); ; ) {
    const at = Date.now();
    await new Promise((resolve) => setTimeout(resolve, QUIET_FOR_MS));
    const now = await cpuSeconds(pid);
    if (now - before < 0.2) return at;
    before = now;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
