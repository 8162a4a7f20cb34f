import type { Clock } from "../clock.ts";
import type { LogChunk } from "../log/log-reader.ts";
import type { Store } from "../store/store.ts";
import { digest, type LogEvent } from "./digest.ts";

/** What an intake is made of. */
export interface IntakeOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Called in the order of the log, after everything of the chunk is stored. */
  readonly onEvent: (event: LogEvent) => void;
  /** The chunk left facts, or nothing, in the store. */
  readonly onStored: () => void;
}

/**
 * Takes chunks of the log for `followLog`: stores what they mean and how far the log was read in one commit, then says
 * what happened. Rejects when the store fails; the chunk then counts as not read.
 */
export function takeInto({ store, clock, onEvent, onStored }: IntakeOptions): (chunk: LogChunk) => Promise<void> {
  return async (chunk) => {
    // Nothing may come between what is read of the store here and what is written: no await stands between the two.
    const { changes, events } = digest(store, chunk, clock.now());
    await store.commit(changes);
    onStored();
    for (const event of events) onEvent(event);
  };
}
