import { dirname, resolve } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import type { Clock } from "../clock.ts";
import type { LogPosition } from "./log-position.ts";
import { readLog, type TakeChunk } from "./log-reader.ts";

/*
 * When the log is read. chokidar says that something happened in the log's folder, at once where the system tells; a slow
 * poll finds the rest (network drives, Windows holding size changes back while the client keeps its handle open).
 * Wake-ups mean nothing but "look": passes never overlap, and one that is asked for during another follows it.
 */

/** What a tail is made of. */
export interface LogTailOptions {
  readonly path: string;
  /** The stored position. */
  readonly position: LogPosition;
  /** Stores the consequences of a chunk together with its position. */
  readonly take: TakeChunk;
  /** A pass failed; it is tried again. */
  readonly onFault: (fault: unknown) => void;
  readonly clock: Clock;
  readonly pollMs?: number;
}

/** A log that is being followed. */
export interface LogTail {
  /** Resolves when everything that was in the log at the time of the call was taken, or the pass failed. */
  look(): Promise<void>;
  /** Whether the log existed at the last look. */
  readonly isPresent: boolean;
  stop(): Promise<void>;
}

const POLL_MS = 1_000;

/** Follows a log until it is stopped. */
export function followLog(options: LogTailOptions): LogTail {
  const stopping = new AbortController();
  let position = options.position;
  let isPresent = false;
  let running: Promise<void> | null = null;
  let following: Promise<void> | null = null;

  const pass = async (): Promise<void> => {
    try {
      const done = await readLog(options.path, position, async (chunk) => {
        stopping.signal.throwIfAborted();
        await options.take(chunk);
        position = chunk.position;
      });
      isPresent = done.isPresent;
    } catch (fault) {
      if (!stopping.signal.aborted) options.onFault(fault);
    }
  };
  const run = (): Promise<void> => {
    running = pass().finally(() => {
      running = null;
    });
    return running;
  };
  const look = (): Promise<void> => {
    if (stopping.signal.aborted) return Promise.resolve();
    if (running === null) return run();
    // The running pass may have been past the new bytes already.
    following ??= running.then(() => {
      following = null;
      return stopping.signal.aborted ? undefined : run();
    });
    return following;
  };

  const watcher = watchFolder(options.path, () => void look());
  const polling = poll(options, look, stopping.signal);
  return {
    look,
    get isPresent() {
      return isPresent;
    },
    async stop() {
      stopping.abort();
      await Promise.all([watcher.close(), polling, running, following]);
    },
  };
}

/** The folder, not the file: it is there before the file is, and when the file is another one. */
function watchFolder(logPath: string, wake: () => void): FSWatcher {
  const path = resolve(logPath);
  const watcher = watch(dirname(path), {
    depth: 0,
    ignoreInitial: true,
    // The folder is full of other logs, which grow all the time.
    ignored: (entry) => entry !== path && entry !== dirname(path),
  });
  watcher.on("all", wake);
  // A folder that cannot be watched is polled.
  watcher.on("error", wake);
  return watcher;
}

async function poll({ clock, pollMs = POLL_MS }: LogTailOptions, look: () => Promise<void>, signal: AbortSignal) {
  while (!signal.aborted) {
    await look();
    await clock.sleep(pollMs, signal).catch(() => undefined);
  }
}
