import { setMaxListeners } from "node:events";
import type { Clock } from "../clock.ts";
import type { ApiClient } from "../http/api-client.ts";
import { type Change, drop, ONLY, put, type Store } from "../store/store.ts";
import { backOffMs } from "./back-off.ts";
import { type Fact, laneOf, sameness } from "./fact.ts";
import { type Told, tell } from "./tell.ts";
import { Turns } from "./turns.ts";

/*
 * How facts get to the API.
 *
 *   stored ──► its lane's turn ──► asked ──2xx──► told
 *                                   │ 400, 404, 409 with a code ──► refused: listed, may be sent again by hand
 *                                   │ a /who report after its time ──► refused as `too_late`
 *                                   └ anything else ──► held: asked again, for ever, ever more slowly
 *
 * A lane is one payout, gift request or cycle: its facts are told one after the other, and what is held there holds up
 * nobody else. A fact leaves the store only when its answer is there; if the process dies in between it is told again,
 * which the API answers as the first time.
 */

/** What the streamer is told. */
export type DeliveryAlert =
  | { readonly code: "delivery_held"; readonly reason: string }
  | { readonly code: "delivery_resumed" }
  | { readonly code: "fact_refused"; readonly factNumber: number; readonly refusal: string };

/** What a delivery is made of. */
export interface DeliveryOptions {
  readonly store: Store;
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly alert: (alert: DeliveryAlert) => void;
  /** Somebody who waits for the API's changes may look again. */
  readonly onTold?: (fact: Fact) => void;
  readonly random?: () => number;
}

/** After a day without network there may be hundreds of facts: the API is asked about so many at once. */
const REQUESTS_AT_ONCE = 8;

/** Tells the API what the store holds, while `run` runs. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #held = new Map<string, string>();
  readonly #turns = new Turns(REQUESTS_AT_ONCE);
  #wake: () => void = () => undefined;
  #failed: (fault: unknown) => void = () => undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** There are new facts in the store. */
  wake(): void {
    this.#wake();
  }

  /** Sends a refused fact again; false when there is none of that number. */
  async sendAgain(factNumber: number): Promise<boolean> {
    const { store } = this.#options;
    const refused = store.get("refusal", String(factNumber));
    if (refused === undefined) return false;
    const number = (store.get("counter", ONLY)?.fact ?? 0) + 1;
    await store.commit([
      drop("refusal", String(factNumber)),
      put("fact", String(number), { ...refused.fact, number }),
      put("counter", ONLY, { command: store.get("counter", ONLY)?.command ?? 0, fact: number }),
    ]);
    this.wake();
    return true;
  }

  /** Works until the signal aborts. Rejects when the store fails. */
  async run(signal: AbortSignal): Promise<void> {
    const failure = new Promise<never>((_, reject) => {
      this.#failed = reject;
    });
    // Every lane that waits listens for the end; many of them are no leak.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      for (const [lane, facts] of this.#factsByLane()) {
        if (this.#lanes.has(lane)) continue;
        const work = this.#tellLane(lane, facts, signal).catch(this.#failed);
        this.#lanes.set(
          lane,
          work.then(() => {
            this.#lanes.delete(lane);
            // More of this lane may have come in the meantime.
            this.#wake();
          }),
        );
      }
      await Promise.race([woken, failure]);
    }
    await Promise.all(this.#lanes.values());
  }

  #factsByLane(): Map<string, Fact[]> {
    const lanes = new Map<string, Fact[]>();
    const facts = [...this.#options.store.all("fact").values()].sort((one, other) => one.number - other.number);
    for (const fact of facts) {
      const lane = laneOf(fact.content);
      const before = lanes.get(lane);
      if (before === undefined) lanes.set(lane, [fact]);
      else before.push(fact);
    }
    return lanes;
  }

  async #tellLane(lane: string, facts: readonly Fact[], signal: AbortSignal): Promise<void> {
    const { store, api, clock, alert, onTold, random = Math.random } = this.#options;
    for (const fact of facts) {
      for (let failures = 0; ; ) {
        if (signal.aborted) return;
        const told = await this.#turns.take<Told>(async () => {
          if (signal.aborted) return { kind: "held", reason: "network", retryAfterMs: 0 };
          if (this.#isTooLate(fact)) return { kind: "final", code: "too_late" };
          return await tell(api, store, fact.content);
        });
        if (signal.aborted && told.kind === "held") return;
        if (told.kind !== "held") {
          await store.commit(this.#settled(fact, told));
          this.#resume(lane);
          if (told.kind === "told") onTold?.(fact);
          else alert({ code: "fact_refused", factNumber: fact.number, refusal: told.code });
          break;
        }
        failures += 1;
        this.#hold(lane, told.reason);
        await clock.sleep(Math.max(backOffMs(failures, random), told.retryAfterMs), signal).catch(() => undefined);
      }
    }
  }

  #settled(fact: Fact, told: Exclude<Told, { kind: "held" }>): Change[] {
    const id = String(fact.number);
    const at = this.#options.clock.now();
    if (told.kind === "told") return [drop("fact", id), put("told", sameness(fact.content), { at })];
    return [drop("fact", id), put("refusal", id, { fact, code: told.code, at })];
  }

  #isTooLate({ content }: Fact): boolean {
    if (content.kind !== "who") return false;
    const { store, clock } = this.#options;
    const cycle = store.get("cycle", content.report.spinCycleId);
    // Of a cycle that this desktop has not seen only the API knows.
    return cycle !== undefined && clock.now() > cycle.verifyUntil;
  }

  #hold(lane: string, reason: string): void {
    const isNews = ![...this.#held.values()].includes(reason);
    this.#held.set(lane, reason);
    if (isNews) this.#options.alert({ code: "delivery_held", reason });
  }

  #resume(lane: string): void {
    if (this.#held.delete(lane) && this.#held.size === 0) this.#options.alert({ code: "delivery_resumed" });
  }
}
