import { ROUTES } from "@mgm/api/routes/index";
import { codesOf } from "@mgm/api/routing/codes";
import type { RouteSpec } from "@mgm/api/routing/route";
import { isRefusalCode, REFUSAL_STATUS } from "@mgm/domain/refusal";
import { z } from "zod";

/* Every answer that a test gets is held against what its route declares. */

const specs = ROUTES.map(({ spec }) => ({
  spec,
  pattern: new RegExp(`^${spec.path.replace(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Why an answer is none of those that are declared; null when it is one. */
export function undeclared(method: string, path: string, status: number, body: unknown): string | null {
  const { pathname } = new URL(path, "http://api");
  const spec = specs.find((one) => one.spec.method === method && one.pattern.test(pathname))?.spec;
  if (spec === undefined) return null;
  const declared = spec.answers[status];
  if (declared === undefined) return refusalFault(spec, status, body);
  if (declared === null) return body === null ? null : `${spec.name} answers ${status} with nothing`;
  if (!(declared instanceof z.ZodType)) return null;
  const parsed = declared.safeParse(body);
  return parsed.success ? null : `${spec.name} ${status}: ${z.prettifyError(parsed.error)}`;
}

function refusalFault(spec: RouteSpec, status: number, body: unknown): string | null {
  const { code } = (body ?? {}) as { code?: unknown };
  const isDeclared = isRefusalCode(code) && REFUSAL_STATUS[code] === status && codesOf(spec).includes(code);
  return isDeclared ? null : `${spec.name} does not declare ${status} ${String(code)}`;
}
