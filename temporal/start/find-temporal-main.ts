import { findTemporal } from "../engines/temporal-binary.ts";

/*
 * Looks for the `temporal` program, which may mean to download or to build it, in a process of its own: whoever does not
 * want to wait for that can end it with everything that it started. The path goes to standard output, progress to
 * standard error.
 */

try {
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  process.stdout.write(await findTemporal({ env: process.env, onProgress: tell }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
