import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";
import { findTemporal } from "../engines/temporal-binary.ts";

const run = promisify(execFile);

let found: Promise<string> | null = null;

/** The `temporal` program of this machine. */
export async function temporalProgram(): Promise<string> {
  found ??= findTemporal({ env: process.env, onProgress: () => undefined });
  return await found;
}

/** Types a command line as an operator would, into a shell whose `temporal` speaks to this server. */
export async function typeCommand(
  command: string,
  temporalAddress: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const binary = await temporalProgram();
  const { stdout } = await run("sh", ["-c", command], {
    env: {
      PATH: `${dirname(binary)}${delimiter}${process.env.PATH ?? ""}`,
      HOME: process.env.HOME ?? "",
      TEMPORAL_ADDRESS: temporalAddress,
      ...settings,
    },
  });
  return stdout;
}
