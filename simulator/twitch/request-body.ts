import type { Context, Middleware } from "koa";

const LIMIT_BYTES = 1024 * 1024;

/** Reads the whole body into `ctx.state.rawBody` before anything else may happen to the request. */
export const readBody: Middleware = async (ctx, next) => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT_BYTES) ctx.throw(413);
    chunks.push(chunk);
  }
  ctx.state.rawBody = Buffer.concat(chunks);
  await next();
};

/** The body as JSON, undefined when it is none. */
export function jsonBody(ctx: Context): unknown {
  try {
    return JSON.parse((ctx.state.rawBody as Buffer).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Parameters of an OAuth call: Twitch takes them in the query as well as in a form. */
export function oauthParams(ctx: Context): URLSearchParams {
  const params = new URLSearchParams(ctx.querystring);
  for (const [name, value] of new URLSearchParams((ctx.state.rawBody as Buffer).toString("utf8"))) {
    params.set(name, value);
  }
  return params;
}
