import { setTimeout as delay } from "node:timers/promises";

/** An answer that ends a request: good, or a refusal that will not change. */
export type ApiAnswer<Body> =
  | { readonly ok: true; readonly status: number; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly code: string };

/** A caller of the API: where it is and what every request carries. */
export type PatientClientOptions = {
  readonly apiUrl: string;
  headers(): Record<string, string> | Promise<Record<string, string>>;
  /** Ends all requests that are under way, and the waiting between them. */
  readonly signal: AbortSignal;
};

const TIMEOUT_MS = 10_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** Only these say that it will never work, and only with a code of ours. */
const FINAL = [400, 404, 409];

/** Speaks to the API as clients must: what may pass (503, 429, the network) is asked again until the signal ends it. */
export class PatientClient {
  readonly #options: PatientClientOptions;

  constructor(options: PatientClientOptions) {
    this.#options = options;
  }

  /** Rejects only when the signal ends it. */
  async request<Body>(method: string, path: string, body?: unknown): Promise<ApiAnswer<Body>> {
    const { signal } = this.#options;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      signal.throwIfAborted();
      const answer = await this.#attempt<Body>(method, path, body);
      if (!("retryAfterMs" in answer)) return answer;
      await delay(Math.max(waitMs, answer.retryAfterMs), undefined, { signal });
    }
  }

  async #attempt<Body>(
    method: string,
    path: string,
    body: unknown,
  ): Promise<ApiAnswer<Body> | { readonly retryAfterMs: number }> {
    const { apiUrl, headers, signal } = this.#options;
    try {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: { ...(await headers()), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const { status } = response;
      if (response.ok) return { ok: true, status, body: (text === "" ? null : JSON.parse(text)) as Body };
      const code = codeOf(text);
      if (FINAL.includes(status) && code !== null) return { ok: false, status, code };
      return { retryAfterMs: Number(response.headers.get("Retry-After") ?? 0) * 1_000 };
    } catch {
      signal.throwIfAborted();
      // Nobody answered: perhaps somebody will.
      return { retryAfterMs: 0 };
    }
  }
}

function codeOf(text: string): string | null {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === "string" ? code : null;
  } catch {
    return null;
  }
}
