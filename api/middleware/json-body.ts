import getRawBody from "raw-body";
import type { z } from "zod";
import type { ApiContext } from "../context.ts";
import { ApiError } from "../errors.ts";

/** The largest body that is read, in bytes. */
export const BODY_LIMIT = 64 * 1024;

/** Reads a request's body as it is; refuses what is larger than the limit. */
export async function readRawBody(ctx: Pick<ApiContext, "req" | "request" | "set">): Promise<Buffer> {
  try {
    return await getRawBody(ctx.req, { limit: BODY_LIMIT, length: ctx.request.length ?? null });
  } catch (error) {
    if ((error as { type?: unknown }).type === "entity.too.large") {
      // The rest of the body is not worth reading.
      ctx.set("Connection", "close");
      throw new ApiError("payload_too_large");
    }
    throw new ApiError("invalid_payload", {}, error);
  }
}

/** Reads and checks a JSON body. With `whenAbsent`, a request without any body stands for that value. */
export async function readJson<Schema extends z.ZodType>(
  ctx: ApiContext,
  schema: Schema,
  whenAbsent?: unknown,
): Promise<z.output<Schema>> {
  const hasBody = ctx.request.length !== 0 && (ctx.request.length !== undefined || "transfer-encoding" in ctx.headers);
  if (!hasBody && whenAbsent !== undefined) return parse(schema, whenAbsent);
  if (ctx.request.is("json", "+json") === false || (hasBody && ctx.request.type === "")) {
    throw new ApiError("unsupported_media_type");
  }
  const body = await readRawBody(ctx);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new ApiError("invalid_payload", { reason: "not_json" });
  }
  const read = parse(schema, value);
  // No text of ours may hold it, and PostgreSQL takes none that does.
  if (holdsNul(read)) throw new ApiError("invalid_payload", { reason: "nul_character" });
  return read;
}

function holdsNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNul);
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ApiError("invalid_payload", { fields: parsed.error.issues.map((issue) => issue.path.join(".")) });
}
