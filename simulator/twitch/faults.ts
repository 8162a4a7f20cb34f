import { setTimeout as delay } from "node:timers/promises";
import type { Middleware } from "koa";
import { type Endpoint, endpointOf } from "./endpoints.ts";

/**
 * What may go wrong with one request. `effect: true` lets the request do its work first, so that the caller sees a
 * failure of something that happened: the case that tempts a client into doing it twice.
 */
export type Fault =
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string>; effect?: boolean }
  | { kind: "drop"; code: string | null; message?: string }
  | { kind: "hang"; effect?: boolean }
  | { kind: "reset"; effect?: boolean }
  /** A good status and half a body, then the connection breaks. */
  | { kind: "cut"; effect?: boolean }
  | { kind: "slow"; delayMs: number };

/** Faults queued per endpoint, taken in order, one per request; also counts the requests. */
export class FaultQueue {
  readonly #queues = new Map<Endpoint, Fault[]>();
  readonly #requests = new Map<Endpoint, number>();

  /** The next `times` requests to the endpoint meet this fault, after those already queued. */
  add(endpoint: Endpoint, fault: Fault, times = 1): void {
    const queue = this.#queues.get(endpoint) ?? [];
    for (let i = 0; i < times; i++) queue.push(fault);
    this.#queues.set(endpoint, queue);
  }

  /** How many queued faults no request has met yet. */
  pending(endpoint: Endpoint): number {
    return this.#queues.get(endpoint)?.length ?? 0;
  }

  /** How many requests the endpoint has received, failed ones included. */
  requestCount(endpoint: Endpoint): number {
    return this.#requests.get(endpoint) ?? 0;
  }

  clear(): void {
    this.#queues.clear();
  }

  /** Counts one request and takes the fault that it shall meet. */
  take(endpoint: Endpoint): Fault | null {
    this.#requests.set(endpoint, this.requestCount(endpoint) + 1);
    return this.#queues.get(endpoint)?.shift() ?? null;
  }
}

/** Applies the queued faults; stands after the body was read, so that a reset is one after the request was written. */
export function injectFaults(faults: FaultQueue): Middleware {
  return async (ctx, next) => {
    const endpoint = endpointOf(ctx.path);
    const fault = endpoint && faults.take(endpoint);
    if (!fault) return next();

    switch (fault.kind) {
      case "slow":
        await delay(fault.delayMs, undefined, { ref: false });
        return next();
      case "drop":
        ctx.body = {
          data: [
            {
              message_id: "",
              is_sent: false,
              drop_reason: fault.code === null ? null : { code: fault.code, message: fault.message ?? fault.code },
            },
          ],
        };
        return;
      case "status":
        if (fault.effect) await next();
        ctx.status = fault.status;
        ctx.body = fault.body ?? "";
        ctx.set(fault.headers ?? {});
        return;
      case "hang":
        if (fault.effect) await next();
        ctx.respond = false;
        return;
      case "reset":
        if (fault.effect) await next();
        ctx.respond = false;
        ctx.req.socket.resetAndDestroy();
        return;
      case "cut":
        if (fault.effect) await next();
        ctx.respond = false;
        ctx.res.writeHead(200, { "Content-Type": "application/json", "Content-Length": 1000 });
        ctx.res.write('{"data":[', () => ctx.req.socket.destroy());
        return;
      default:
        return fault satisfies never;
    }
  };
}
