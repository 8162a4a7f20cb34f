import { createHash } from "node:crypto";
import type { ApiContext } from "./context.ts";

const ETAG_BYTES = 16;

/** The tag of a content: the same content has the same tag in every process. */
export function etagOf(content: unknown): string {
  return `"${createHash("sha256").update(JSON.stringify(content)).digest("base64url").slice(0, ETAG_BYTES)}"`;
}

/** Answers with a body, or with 304 when the caller has it already. Nobody may show it without asking again. */
export function answerTagged(ctx: ApiContext, etag: string, body: unknown): void {
  ctx.status = 200;
  ctx.set("Cache-Control", "private, no-cache");
  ctx.set("ETag", etag);
  if (ctx.fresh) ctx.status = 304;
  else ctx.body = body;
}
