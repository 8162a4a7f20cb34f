import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";
import { findTemporal } from "../engines/temporal-binary.ts";

const run = promisify(execFile);

let found: Promise<string> | null = null;

/** Types a command line as an operator would, into a shell whose `temporal` speaks to this server. */
export async function typeCommand(command: string, temporalAddress: string): Promise<string> {
  found ??= findTemporal({ env: process.env, onProgress: () => undefined });
  const binary = await found;
  const { stdout } = await run("sh", ["-c", command], {
    env: {
      PATH: `${dirname(binary)}${delimiter}${process.env.PATH ?? ""}`,
      HOME: process.env.HOME ?? "",
      TEMPORAL_ADDRESS: temporalAddress,
    },
  });
  return stdout;
}
