import { randomUUID } from "node:crypto";
import { sqlState } from "@mgm/activities/db/database";
import type { Middleware } from "koa";
import type { Logger } from "pino";
import type { ApiState } from "../context.ts";
import { ApiError, MESSAGES } from "../errors.ts";

const RETRY_AFTER_SECONDS = 2;

/** Gives every request an id, and turns whatever a handler throws into the one form of errors. */
export function onError(log: Logger): Middleware<ApiState> {
  return async (ctx, next) => {
    ctx.state.requestId = randomUUID();
    ctx.state.receivedAt = Date.now();
    ctx.set("X-Request-Id", ctx.state.requestId);
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) throw new ApiError("not_found");
    } catch (error) {
      const refusal = translate(error);
      const fields = { requestId: ctx.state.requestId, method: ctx.method, path: ctx.path, code: refusal.code };
      if (refusal.code === "internal") log.error({ ...fields, error }, "request failed");
      else if (refusal.code === "temporarily_unavailable") log.warn({ ...fields, cause: refusal.cause }, "unavailable");
      else log.debug(fields, "request refused");
      ctx.status = refusal.status;
      if (refusal.code === "temporarily_unavailable" && !ctx.res.hasHeader("Retry-After")) {
        ctx.set("Retry-After", String(RETRY_AFTER_SECONDS));
      }
      ctx.body = { code: refusal.code, message: MESSAGES[refusal.code], details: refusal.details };
    }
  };
}

function translate(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isUnreachable(error)) return new ApiError("temporarily_unavailable", {}, error);
  // Koa's own refusals (a path that cannot be decoded, say) carry a status.
  const status = (error as { status?: unknown }).status;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new ApiError(status === 404 ? "not_found" : "invalid_payload");
  }
  return new ApiError("internal", {}, error);
}

/** Whether PostgreSQL is away: no connection, no answer in time, not ready for us, or going down. */
function isUnreachable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return AWAY_STATES.test(state);
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Whatever a socket or a name lookup fails with, it is not the caller's fault nor a defect of ours.
  return (
    syscall !== undefined || (code !== undefined && NETWORK_CODES.has(code)) || PG_CLIENT_FAULTS.test(error.message)
  );
}

/**
 * Connection and operator trouble, conflicts that may pass, no resources, something that is not ready or in use, a login
 * that is refused, and a schema that is not there yet because the worker has not migrated it.
 */
const AWAY_STATES = /^(08|25006|25P03|28|3D|40|42P01|53|55|57|58)/;

const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EMFILE",
]);

// node-postgres gives its own time-outs and lost connections no code.
const PG_CLIENT_FAULTS =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;
