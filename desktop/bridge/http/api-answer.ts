import { isRefusalCode, type RefusalCode } from "@mgm/domain/refusal";

/** What came of a request. */
export type ApiAnswer<Body> =
  | { readonly kind: "ok"; readonly body: Body }
  /** The API itself said no, by a code of its own. */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: RefusalCode;
      readonly details: Readonly<Record<string, unknown>>;
      readonly retryAfterMs: number;
    }
  /** Nobody answered, or not the API: a proxy's page, a broken body, a redirect. */
  | { readonly kind: "unreachable"; readonly reason: UnreachableReason; readonly status: number | null };

/** Why there is no answer of the API's own. */
export type UnreachableReason = "network" | "deadline" | "not_our_answer";

const FINAL_STATUSES: readonly number[] = [400, 404, 409];

/**
 * Whether asking again cannot help. Only a 400, 404 or 409 with a code of the API's own is: a proxy's 404 says nothing
 * about a payout, and a wrong key (401, 403) may be put right.
 */
export function isFinal(answer: ApiAnswer<unknown>): boolean {
  return answer.kind === "refused" && FINAL_STATUSES.includes(answer.status);
}

/** For people: the API's own code, or `api_` and why there is no answer of its own; null when it said yes. */
export function codeOfAnswer(answer: ApiAnswer<unknown>): string | null {
  switch (answer.kind) {
    case "ok":
      return null;
    case "refused":
      return answer.code;
    case "unreachable":
      return `api_${answer.reason}`;
    default:
      return answer satisfies never;
  }
}

/** Reads an answer; `isBody` says whether a body is what the route answers. */
export function readAnswer<Body>(
  { status, text, retryAfter }: { readonly status: number; readonly text: string; readonly retryAfter: string | null },
  isBody: (value: unknown) => value is Body,
): ApiAnswer<Body> {
  const value = parse(text);
  if (status >= 200 && status < 300) {
    return isBody(value) ? { kind: "ok", body: value } : { kind: "unreachable", reason: "not_our_answer", status };
  }
  if (!isRecord(value) || !isRefusalCode(value.code)) return { kind: "unreachable", reason: "not_our_answer", status };
  const seconds = Number(retryAfter ?? 0);
  return {
    kind: "refused",
    status,
    code: value.code,
    details: isRecord(value.details) ? value.details : {},
    retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0,
  };
}

/** Whether a value has fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; null for none, undefined for what is no JSON. */
function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
