import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Target } from "./targets.ts";

/** What the bridge needs beside its executable: these load libraries of the system's own kind. */
export const NATIVE_PACKAGES = ["@napi-rs/keyring", "classic-level", "koffi", "robotjs"];

/** Sources of what is built already. */
const SOURCES = ["classic-level/deps", "koffi/src", "koffi/vendor", "koffi/doc", "robotjs/src"];

/** Copies them and what they depend on from one node_modules into another, with the prebuilt libraries of one system only. */
export async function copyNativePackages({
  from,
  to,
  target,
}: {
  readonly from: string;
  readonly to: string;
  readonly target: Target;
}): Promise<string[]> {
  const copied = new Set<string>();
  const queue = [...NATIVE_PACKAGES];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const folder = join(from, name);
    // Optional dependencies are of other systems, or could not be had.
    if (copied.has(name) || !existsSync(folder)) continue;
    copied.add(name);
    await cp(folder, join(to, name), { recursive: true, filter: (path) => isNeeded(relative(from, path), target) });
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    ) as { readonly dependencies?: object; readonly optionalDependencies?: object };
    queue.push(...Object.keys(dependencies), ...Object.keys(optionalDependencies));
  }
  return [...copied].sort();
}

function isNeeded(path: string, { platform, arch }: Target): boolean {
  const parts = path.split(sep);
  if (SOURCES.includes(parts.slice(0, 2).join("/"))) return false;
  const built = parts[parts.indexOf("prebuilds") + 1];
  if (!parts.includes("prebuilds") || built === undefined) return true;
  // `darwin-x64+arm64` is for both.
  const [builtPlatform, arches = ""] = built.split("-");
  return builtPlatform === platform && arches.split("+").includes(arch);
}
