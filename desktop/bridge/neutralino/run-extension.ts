import type { Readable } from "node:stream";
import { Desktop, type DesktopOptions } from "../desktop.ts";
import { readHandshake } from "./handshake.ts";
import { openNeutralinoWindows } from "./neutralino-windows.ts";

/** After this long an ending is forced: an orphan that types into the game would be worse than a lock left behind. */
const LONGEST_ENDING_MS = 20_000;

/**
 * Runs as an extension of Neutralino until its core is gone, then ends in good order. Everything that matters is in the
 * store the moment it happens, so nothing is lost when that is cut short.
 */
export async function runExtension(
  options: DesktopOptions,
  { input, ended }: { readonly input: Readable; readonly ended: AbortSignal },
): Promise<void> {
  const handshake = await readHandshake(input);
  const desktop = await Desktop.open(options);
  try {
    const windows = await openNeutralinoWindows(desktop, handshake);
    ended.addEventListener("abort", () => windows.close(), { once: true });
    if (ended.aborted) windows.close();
    await windows.gone;
  } finally {
    setTimeout(() => process.exit(1), LONGEST_ENDING_MS).unref();
    await desktop.stop();
  }
}
