import type { AlertCard } from "../../wire/state.ts";

/** What an alert is about. */
export type AlertCode = AlertCard["code"];

/** An alert to be shown. `about` tells those of one code apart. */
export interface AlertInput {
  readonly code: AlertCode;
  readonly about?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly canRetry?: boolean;
}

const MOST = 200;

/*
 * What waits for the streamer's eyes. Two kinds:
 *
 *   something happened ──raise──► shown, counted when it happens again ──dismissed, or it is over──► gone
 *   something is so    ──hold───► shown while it is so ──dismissed──► hidden until it was once not so
 */

/** The alerts that are shown. */
export class AlertBoard {
  readonly #cards = new Map<string, AlertCard>();
  /** Conditions that hold; those among them without a card were dismissed. */
  readonly #holding = new Set<string>();

  /** The newest first. */
  get cards(): readonly AlertCard[] {
    return [...this.#cards.values()].sort((one, other) => other.at - one.at);
  }

  get(id: string): AlertCard | undefined {
    return this.#cards.get(id);
  }

  /** Something happened, perhaps again. */
  raise(input: AlertInput, now: number): void {
    const id = idOf(input);
    const count = (this.#cards.get(id)?.count ?? 0) + 1;
    const { code, details = {}, canRetry = false } = input;
    this.#cards.delete(id);
    this.#cards.set(id, { id, code, details, canRetry, at: now, count });
    // Whoever is away for a day must not find thousands.
    const [oldest] = this.#cards.keys();
    if (this.#cards.size > MOST && oldest !== undefined) this.#cards.delete(oldest);
  }

  /** Something is so, or is not. */
  hold(isSo: boolean, input: AlertInput, now: number): void {
    const id = idOf(input);
    if (isSo === this.#holding.has(id)) return;
    if (isSo) {
      this.#holding.add(id);
      this.raise(input, now);
    } else {
      this.#holding.delete(id);
      this.#cards.delete(id);
    }
  }

  /** All alerts of a code are over. */
  clear(code: AlertCode, about?: string): void {
    for (const [id, card] of this.#cards) {
      if (card.code === code && (about === undefined || id === idOf({ code, about }))) this.#cards.delete(id);
    }
  }

  /** The streamer has seen it; false when there is none of that id. */
  dismiss(id: string): boolean {
    return this.#cards.delete(id);
  }
}

function idOf({ code, about }: { readonly code: AlertCode; readonly about?: string }): string {
  return about === undefined ? code : `${code}:${about}`;
}
