import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pageSizes, sizeFaults } from "../extension/build/sizes.ts";
import { report } from "./measure/report.ts";

/* `npm run bench:panel-size`: what a viewer's panel loads, of a build as it goes to Twitch. */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "mgm-panel-"));
const script = join("extension", "build", "build-main.ts");
await promisify(execFile)(process.execPath, ["--import", "tsx", script, "--out", folder], { cwd: ROOT });
const panel = pageSizes(folder).find(({ page }) => page === "panel.html");
if (panel === undefined) throw new Error("the build has no panel");
report({
  bench: "panel-size",
  figure: { ownScriptBytes: panel.ownScript, withAlpineBytes: panel.ownScript + panel.alpine, compression: "gzip" },
  baseline: null,
  ratio: null,
  spread: null,
  goal: "own JavaScript at most 15 kB, with Alpine 40 kB",
  isReached: sizeFaults(folder).length === 0,
  result: `${kB(panel.ownScript)}, with Alpine ${kB(panel.ownScript + panel.alpine)}`,
});
await rm(folder, { recursive: true });

function kB(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
