import type { RouterMiddleware } from "@koa/router";
import { isId } from "@mgm/domain/instant";
import { type ApiContext, type ApiState, pathPart } from "../context.ts";
import { ApiError } from "../errors.ts";

/** An id in a path that has not the shape of one names nothing. */
export function pathId(): RouterMiddleware<ApiState> {
  return async (ctx, next) => {
    if (!isId(pathPart(ctx as ApiContext, "id"))) throw new ApiError("not_found");
    await next();
  };
}
