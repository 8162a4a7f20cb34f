import { setTimeout as delay } from "node:timers/promises";
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from "@temporalio/client";
import type { TemporalAddress } from "./settings.ts";

/** A connection to Temporal that is made when it is first needed. */
export interface TemporalConnection {
  readonly connection: Connection;
  /** Closes it, once no call waits to be tried again; that is within seconds. */
  close(): Promise<void>;
}

/** What a timer may be late. */
const LATE_MS = 100;

/**
 * The SDK's retries know nothing of a call's deadline or of the connection's end: the timer of one that is due fires
 * whatever became of its caller, and throws where nobody can catch it when the connection is closed by then.
 */
export function lazyTemporalConnection(address: TemporalAddress): TemporalConnection {
  const usual = defaultGrpcRetryOptions();
  let isClosing = false;
  let lastRetryAt = 0;
  const retries = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !isClosing && usual.retryableDecider(attempt, status),
    delayFunction(attempt, status) {
      const delayMs = usual.delayFunction(attempt, status);
      lastRetryAt = Math.max(lastRetryAt, Date.now() + delayMs + LATE_MS);
      return delayMs;
    },
  });
  const connection = Connection.lazy({ ...address, interceptors: [retries] });
  return {
    connection,
    async close() {
      isClosing = true;
      if (lastRetryAt > Date.now()) await delay(lastRetryAt - Date.now());
      await connection.close();
    },
  };
}
