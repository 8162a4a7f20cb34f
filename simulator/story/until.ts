import { setTimeout as delay } from "node:timers/promises";

const LOOK_EVERY_MS = 250;

/** Looks until there is something to see; rejects only when the signal ends it. */
export async function until<Seen>(
  look: () => Promise<Seen | null> | Seen | null,
  signal: AbortSignal,
  everyMs = LOOK_EVERY_MS,
): Promise<Seen> {
  for (;;) {
    signal.throwIfAborted();
    const seen = await look();
    if (seen !== null) return seen;
    await delay(everyMs, undefined, { signal });
  }
}
