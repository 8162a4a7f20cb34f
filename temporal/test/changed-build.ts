import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeWorkflowBundle } from "../bundle.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A change of one workflow file: a text that stands in it once, and what stands there instead. */
export interface SourceChange {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Bundles today's workflow code with some changes, as the next version of the product would be; writes it to `file`. */
export async function buildChanged(file: string, changes: readonly SourceChange[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-build-"));
  try {
    await cp(join(ROOT, "workflows"), join(folder, "workflows"), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    for (const change of changes) {
      const path = join(folder, "workflows", change.file);
      const parts = (await readFile(path, "utf8")).split(change.from);
      if (parts.length !== 2) throw new Error(`${change.file}: found ${parts.length - 1} times: ${change.from}`);
      await writeFile(path, parts.join(change.to));
    }
    await writeWorkflowBundle(file, "plain", join(folder, "workflows/index.ts"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
