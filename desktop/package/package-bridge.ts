import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { bundleBridge } from "./bundle-bridge.ts";
import { makeExecutable } from "./make-executable.ts";
import { copyNativePackages } from "./native-packages.ts";
import { modulesOf, nodeOf, type Target } from "./targets.ts";

/** The bridge's program, without the suffix of its system. */
export const BRIDGE_NAME = "gold-o-matic-bridge";

/** Makes the bridge for one system: the program, its native modules, and the window that it serves. */
export async function packageBridge(options: {
  readonly target: Target;
  readonly version: string;
  readonly windowFolder: string;
  readonly cache: string;
  readonly ownModules: string;
  readonly folder: string;
  readonly workFolder: string;
}): Promise<string> {
  const { target, version, windowFolder, cache, ownModules, folder, workFolder } = options;
  await mkdir(folder, { recursive: true });
  await mkdir(workFolder, { recursive: true });
  const script = join(workFolder, "bridge.cjs");
  await bundleBridge({ version, outFile: script });
  const outFile = join(folder, `${BRIDGE_NAME}${target.suffix}`);
  await makeExecutable({ script, node: nodeOf(target, cache), target, outFile });
  await copyNativePackages({
    from: modulesOf(target, cache, ownModules),
    to: join(folder, "node_modules"),
    target,
  });
  await cp(windowFolder, join(folder, "window"), { recursive: true });
  return outFile;
}
