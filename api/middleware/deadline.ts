import type { Middleware } from "koa";
import type { ApiState } from "../context.ts";
import { ApiError } from "../errors.ts";

/** Within how many milliseconds a caller is told that something is not reachable. */
export const ANSWER_WITHIN_MS = 2_800;

/**
 * Answers 503 when a request takes too long. What was begun may still take effect: every effect is idempotent, and the
 * caller is told to try again.
 */
export function deadline(): Middleware<ApiState> {
  return async (ctx, next) => {
    ctx.state.deadlineAt = ctx.state.receivedAt + ANSWER_WITHIN_MS;
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<never>((_, reject) => {
      const check = (): void => {
        const leftMs = ctx.state.deadlineAt - Date.now();
        if (leftMs <= 0) reject(new ApiError("temporarily_unavailable"));
        else if (leftMs !== Number.POSITIVE_INFINITY) timer = setTimeout(check, leftMs);
      };
      timer = setTimeout(check, ANSWER_WITHIN_MS);
    });
    // Work that loses the race still belongs to somebody: its late error must not end the process.
    const work = next();
    work.catch(() => undefined);
    try {
      await Promise.race([work, passed]);
    } finally {
      clearTimeout(timer);
    }
  };
}
