import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

const LOOK_EVERY_MS = 200;
const ANSWER_WITHIN_MS = 4_000;

const readinessShape = z.object({
  status: z.enum(["ok", "degraded", "unavailable"]),
  postgres: z.string(),
  temporal: z.string(),
  worker: z.string(),
  eventSub: z.string(),
});

/** What the API says about itself and its neighbours. */
export type Readiness = z.output<typeof readinessShape>;

/** Asks GET /readyz until `isEnough`; null when the time is over or `signal` came first. */
export async function waitUntilReady(
  apiUrl: string,
  isEnough: (readiness: Readiness) => boolean,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
): Promise<Readiness | null> {
  const until = Date.now() + withinMs;
  while (!signal.aborted && Date.now() < until) {
    const readiness = await ask(apiUrl);
    if (readiness !== null && isEnough(readiness)) return readiness;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

async function ask(apiUrl: string): Promise<Readiness | null> {
  try {
    const response = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return readinessShape.parse(await response.json());
  } catch {
    // It does not listen yet, or is too busy: the caller asks again.
    return null;
  }
}
