import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { startBrowser } from "../../desktop/test/window-browser.ts";
import { ROOT, readPage } from "../make/page.ts";
import { SETTING_NAMES } from "../make/settings.ts";
import { lookAt } from "./looks.ts";
import { missingLines } from "./shown.ts";
import { type Step, stepsOf } from "./steps.ts";
import { Terminal } from "./terminal.ts";

/*
 * `npm run follow-tutorial`: does literally what docs/tutorial.md says, in a fresh copy of the working tree with nothing
 * installed in it, and fails at the first thing that is not as the page shows it. `-- --pictures` takes its pictures anew.
 */

/** Temporal may have to be built first. */
const PATIENCE_MS = 15 * 60_000;
const API_PORT = 8080;

const { values: flags } = parseArgs({ options: { pictures: { type: "boolean", default: false } } });
const folder = mkdtempSync(join(tmpdir(), "mgm-tutorial-"));
const env = environmentOfAStranger();
let port = API_PORT;
if (!(await isFree(API_PORT))) {
  port = await freePort();
  env.PORT = String(port);
  process.stdout.write(`Port ${API_PORT} is taken here; ${port} stands for it in what follows.\n`);
}
/** What is there: a command that goes on, the newest one, and a browser. */
const scene: { staying: Terminal | null; last: Terminal | null; browser: Browser | null } = {
  staying: null,
  last: null,
  browser: null,
};
let status = 0;
try {
  copyWorkingTree();
  for (const step of stepsOf(readPage("docs/tutorial.md").text)) await follow(step);
  process.stdout.write("\nThe tutorial is as it says.\n");
} catch (error) {
  process.stderr.write(
    `\nThe tutorial cannot be followed: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  status = 1;
} finally {
  await scene.browser?.close();
  scene.staying?.interrupt();
  await scene.staying?.ended();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);

async function follow(step: Step): Promise<void> {
  switch (step.kind) {
    case "run": {
      const command = step.command.replaceAll(`:${API_PORT}`, `:${port}`);
      process.stdout.write(`\n$ ${command}\n`);
      const terminal = new Terminal(command, folder, env);
      scene.last = terminal;
      if (step.stays) scene.staying = terminal;
      else if ((await terminal.ended()) !== 0) throw new Error(`\`${command}\` fails`);
      return;
    }
    case "shows": {
      const { last, staying } = scene;
      if (last === null) throw new Error("nothing was run that could show anything");
      const missing =
        last === staying ? await last.untilShown(step.lines, PATIENCE_MS) : missingLines(step.lines, last.output);
      if (missing.length > 0) throw new Error(`nothing shows\n${missing.join("\n")}`);
      return;
    }
    case "press": {
      const { staying: ending } = scene;
      if (ending === null) throw new Error(`there is nothing that ${step.keys} could end`);
      scene.staying = null;
      ending.interrupt();
      // npm hands the signal on as its own end, whatever the program's status was: what it shows must tell.
      await ending.ended();
      scene.last = ending;
      return;
    }
    case "look": {
      scene.browser ??= await startBrowser();
      const file = flags.pictures ? join(ROOT, "docs/pictures", step.picture) : null;
      process.stdout.write(`\n(looking for ${step.picture})\n`);
      await lookAt(scene.browser, step.picture, scene.staying?.output ?? "", file);
      return;
    }
    default:
      step satisfies never;
  }
}

/** Tracked files and new ones, as they are on the disk: what somebody would find in a clone after the next commit. */
function copyWorkingTree(): void {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"], {
    cwd: ROOT,
  });
  const deleted = execFileSync("git", ["ls-files", "-z", "--deleted"], { cwd: ROOT }).toString("utf8").split("\0");
  for (const file of list.toString("utf8").split("\0")) {
    if (file !== "" && !deleted.includes(file)) cpSync(join(ROOT, file), join(folder, file));
  }
}

/** This machine's, without any setting of ours and without what npm told this process. */
function environmentOfAStranger(): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean => SETTING_NAMES.has(name.replace(/_FILE$/, "")) || /^npm_/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}

function isFree(wanted: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(wanted, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
