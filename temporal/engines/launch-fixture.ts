import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL("launcher.fixture.ts", import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A launcher process of a test; it ends with the test's process at the latest. */
export interface LaunchedFixture {
  child: ChildProcess;
  /** Its first line of output. */
  report: Promise<{ pid: number; url: string }>;
  /** Ends it as the system would: no chance to stop its engine. */
  kill(): Promise<void>;
}

/** For tests: runs a launcher as a process of its own, in the locale of somebody far away. */
export function launchFixture(engine: string, options: object, script = here): LaunchedFixture {
  const child = spawn(process.execPath, ["--import", loader, script, engine, JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", PGDATA: "/nowhere", PGPORT: "1" },
  });
  const ended = once(child, "exit");
  const report = (async () => {
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
    throw new Error("the launcher ended without a report");
  })();
  report.catch(() => undefined);
  return {
    child,
    report,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
