import type { RefusalCode } from "@mgm/domain/refusal";

/** Why there is no answer to show: a refusal by its code, or no API that could be understood. */
export type FailureCode = RefusalCode | "network";

/** What came of a request; times are the browser's clock. */
export type ApiAnswer<Body> =
  | { readonly ok: true; readonly body: Body; readonly sentAt: number; readonly receivedAt: number }
  | { readonly ok: false; readonly code: FailureCode; readonly retryAfterMs: number };

/** How the browser's cache takes part: `fresh` goes round it, `checked` asks whether what it has is still true. */
export type Freshness = "fresh" | "checked";

const ANSWER_WITHIN_MS = 10_000;

/** Speaks to our API as whoever the token says. */
export class ApiClient {
  readonly #apiUrl: string;
  #token = "";

  constructor(apiUrl: string) {
    this.#apiUrl = apiUrl.replace(/\/+$/, "");
  }

  /** The helper renews tokens; the newest is used. */
  set token(token: string) {
    this.#token = token;
  }

  get<Body>(path: string, freshness: Freshness = "fresh"): Promise<ApiAnswer<Body>> {
    return this.#ask("GET", path, { cache: freshness === "fresh" ? "reload" : "no-cache" });
  }

  send<Body>(method: "PUT" | "POST" | "DELETE", path: string, body?: unknown): Promise<ApiAnswer<Body>> {
    const json = { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    return this.#ask(method, path, body === undefined ? {} : json);
  }

  async #ask<Body>(method: string, path: string, init: RequestInit): Promise<ApiAnswer<Body>> {
    const sentAt = Date.now();
    try {
      const response = await fetch(this.#apiUrl + path, {
        ...init,
        method,
        headers: { ...init.headers, Authorization: `Bearer ${this.#token}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const body = response.status === 204 ? null : await response.json();
      if (response.ok) return { ok: true, body, sentAt, receivedAt: Date.now() };
      const code: unknown = body?.code;
      const retryAfterMs = 1000 * (Number(response.headers.get("Retry-After")) || 0);
      return { ok: false, code: typeof code === "string" ? (code as RefusalCode) : "network", retryAfterMs };
    } catch {
      // Nobody there, no answer in time, or an answer of something else than our API.
      return { ok: false, code: "network", retryAfterMs: 0 };
    }
  }
}

/** Whether the same request may well succeed later. */
export function mayPass(code: FailureCode): boolean {
  return ["network", "rate_limited", "temporarily_unavailable", "internal", "unauthorized"].includes(code);
}
