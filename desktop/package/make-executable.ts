import { execFile } from "node:child_process";
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "postject";
import type { Target } from "./targets.ts";

/** Marks, in a Node.js binary, where it looks for a script of its own. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Makes one program of a Node.js binary and a bundled script. Both must be of this Node.js's version. */
export async function makeExecutable({
  script,
  node,
  target,
  outFile,
}: {
  readonly script: string;
  readonly node: string;
  readonly target: Target;
  readonly outFile: string;
}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-sea-"));
  try {
    const [config, blob] = [join(folder, "sea.json"), join(folder, "sea.blob")];
    await writeFile(config, JSON.stringify({ main: script, output: blob, disableExperimentalSEAWarning: true }));
    await promisify(execFile)(process.execPath, ["--experimental-sea-config", config]);
    await copyFile(node, outFile);
    await chmod(outFile, 0o755);
    await inject(outFile, "NODE_SEA_BLOB", await readFile(blob), {
      sentinelFuse: FUSE,
      ...(target.platform === "darwin" ? { machoSegmentName: "NODE_SEA" } : {}),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
