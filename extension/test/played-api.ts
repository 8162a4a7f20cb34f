import type { Page, Route } from "playwright-core";

/*
 * An API that says what a test wants to be said, between the browser and a network that is not there: for states that
 * the real one reaches in hours or never twice, and for moments that must be told apart to the millisecond.
 */

/** The address that pages are built with. */
export const PLAYED_API = "http://api.example.test";

/** How a request is answered: a body (200), a status, or not at all. */
export type Played =
  | { readonly body: unknown }
  | { readonly status: number; readonly code: string; readonly retryAfter?: number }
  | "no network";

/** A request as it came. */
export interface Asked {
  readonly path: string;
  readonly method: string;
  /** By the page's clock. */
  readonly at: number;
  readonly body: unknown;
}

/** The played API: answers by path, and everything that was asked. */
export class PlayedApi {
  readonly asked: Asked[] = [];
  readonly #answers = new Map<string, () => Played>();
  #trouble: Played | null = null;
  /** The page's time. */
  now: () => number = () => Date.now();

  /** Answers a path from now on. */
  answer(path: string, body: () => unknown): this {
    this.#answers.set(path, () => ({ body: body() }));
    return this;
  }

  /** Refuses a path from now on. */
  refuse(path: string, played: Played): this {
    this.#answers.set(path, () => played);
    return this;
  }

  /** Answers every request like this, until it is taken back with null. */
  trouble(played: Played | null): void {
    this.#trouble = played;
  }

  /** How often a path was asked for. */
  count(path: string): number {
    return this.asked.filter((one) => one.path === path).length;
  }

  async play(page: Page): Promise<void> {
    await page.route(`${PLAYED_API}/**`, (route) => this.#fulfil(route));
  }

  async #fulfil(route: Route): Promise<void> {
    const request = route.request();
    const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After" };
    if (request.method() === "OPTIONS") {
      const allow = { "Access-Control-Allow-Headers": "*, Authorization", "Access-Control-Allow-Methods": "*" };
      await route.fulfill({ status: 204, headers: { ...cors, ...allow } });
      return;
    }
    const path = new URL(request.url()).pathname;
    this.asked.push({ path, method: request.method(), at: this.now(), body: request.postDataJSON() });
    const played = this.#trouble ?? this.#answers.get(path)?.() ?? { status: 404, code: "not_found" };
    if (played === "no network") {
      await route.abort("internetdisconnected");
      return;
    }
    if ("body" in played) {
      const isNothing = played.body === null;
      await route.fulfill({
        status: isNothing ? 204 : 200,
        headers: cors,
        ...(isNothing ? {} : { json: played.body }),
      });
      return;
    }
    const { status, code, retryAfter } = played;
    const headers = retryAfter === undefined ? cors : { ...cors, "Retry-After": String(retryAfter) };
    await route.fulfill({ status, headers, json: { code, message: code, details: {} } });
  }
}
