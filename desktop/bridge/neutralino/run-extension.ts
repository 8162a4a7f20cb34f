import type { Readable } from "node:stream";
import { Desktop, type DesktopOptions } from "../desktop.ts";
import { StoreInUseError } from "../store/store.ts";
import { type Handshake, readHandshake } from "./handshake.ts";
import { openNeutralinoWindows, sayInUse } from "./neutralino-windows.ts";

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
  const desktop = await openOrSay(options, handshake);
  if (desktop === null) return;
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

/** Null when another one runs on the data folder: Neutralino lets a streamer start the app twice. */
async function openOrSay(options: DesktopOptions, handshake: Handshake): Promise<Desktop | null> {
  try {
    return await Desktop.open(options);
  } catch (error) {
    if (!(error instanceof StoreInUseError)) throw error;
    await sayInUse(handshake);
    return null;
  }
}
