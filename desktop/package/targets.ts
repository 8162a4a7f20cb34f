import { join } from "node:path";

/*
 * The systems that the desktop is packaged for, and the folder that holds what no package registry carries for them:
 *
 *   <cache>/neutralino/     neutralino-linux_x64, neutralino-win_x64.exe, … as `neu update` fetches them
 *   <cache>/<target>/node   the Node.js binary of that system (node.exe on Windows); this machine's own is at hand
 *   <cache>/<target>/node_modules   native modules for it; this machine's own are at hand
 */

/** A system that there are programs for. */
export interface Target {
  readonly name: "linux-x64" | "win32-x64" | "darwin-x64" | "darwin-arm64";
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Ends the names of programs. */
  readonly suffix: string;
  /** As Neutralino names its binary for it. */
  readonly neutralino: string;
}

/** All of them. */
export const TARGETS: readonly Target[] = [
  { name: "linux-x64", platform: "linux", arch: "x64", suffix: "", neutralino: "linux_x64" },
  { name: "win32-x64", platform: "win32", arch: "x64", suffix: ".exe", neutralino: "win_x64.exe" },
  { name: "darwin-x64", platform: "darwin", arch: "x64", suffix: "", neutralino: "mac_x64" },
  { name: "darwin-arm64", platform: "darwin", arch: "arm64", suffix: "", neutralino: "mac_arm64" },
];

/** Whether programs for it run here. */
export function isHere({ platform, arch }: Target): boolean {
  return platform === process.platform && arch === process.arch;
}

/** Its Node.js binary. */
export function nodeOf(target: Target, cache: string): string {
  return isHere(target) ? process.execPath : join(cache, target.name, `node${target.suffix}`);
}

/** The folder of its native modules. */
export function modulesOf(target: Target, cache: string, ownModules: string): string {
  return isHere(target) ? ownModules : join(cache, target.name, "node_modules");
}
