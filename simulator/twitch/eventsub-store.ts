import { setImmediate as nextTurn } from "node:timers/promises";
import type { SubscriptionJson } from "./chat-event.external.ts";
import { challengeMessage, type DeliveryResult, deliver, revocationMessage } from "./eventsub.ts";
import type { NewId } from "./ids.ts";

/** What a subscription is asked for with. */
export type WantedSubscription = {
  type: string;
  version: string;
  condition: Record<string, string>;
  callback: string;
  secret: string;
};

/**
 * The subscriptions that exist.
 *
 *     (created) → webhook_callback_verification_pending → enabled → any status that Twitch ends one with
 *                                                       → webhook_callback_verification_failed
 *
 * A new one is challenged by itself; `settled` waits for that.
 */
export class EventSubStore {
  readonly #subscriptions = new Map<string, { json: SubscriptionJson; secret: string }>();
  readonly #challenges = new Set<Promise<void>>();
  readonly #newId: NewId;

  constructor(newId: NewId) {
    this.#newId = newId;
  }

  list(): SubscriptionJson[] {
    return [...this.#subscriptions.values()].map(({ json }) => json);
  }

  /** Subscriptions with the same type and condition, whatever their callback. */
  alike(wanted: Pick<WantedSubscription, "type" | "condition">): SubscriptionJson[] {
    const key = conditionKey(wanted);
    return this.list().filter((one) => conditionKey(one) === key);
  }

  /** Adds one as pending and challenges its callback. */
  create(wanted: WantedSubscription): SubscriptionJson {
    const subscription = this.put(wanted, "webhook_callback_verification_pending");
    const challenge = this.#challenge(subscription.id).finally(() => this.#challenges.delete(challenge));
    this.#challenges.add(challenge);
    return { ...subscription };
  }

  /** Puts one in as it is, unchallenged: what an earlier run left behind. */
  put(wanted: WantedSubscription, status: string): SubscriptionJson {
    const { type, version, condition, callback, secret } = wanted;
    const json: SubscriptionJson = {
      id: this.#newId(),
      status,
      type,
      version,
      condition,
      transport: { method: "webhook", callback },
      created_at: new Date().toISOString(),
      cost: 0,
    };
    this.#subscriptions.set(json.id, { json, secret });
    return json;
  }

  delete(id: string): boolean {
    return this.#subscriptions.delete(id);
  }

  /** Ends one as Twitch does: the status first, then the callback hears of it. */
  async revoke(id: string, status: string): Promise<DeliveryResult> {
    const entry = this.#subscriptions.get(id);
    if (!entry) throw new Error(`there is no subscription ${id}`);
    entry.json.status = status;
    return deliver(entry.json.transport.callback, entry.secret, revocationMessage(entry.json, status, this.#newId));
  }

  /** Resolves when no challenge is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#challenges);
  }

  async #challenge(id: string): Promise<void> {
    // The creating request is answered first, as Twitch does.
    await nextTurn();
    const entry = this.#subscriptions.get(id);
    if (!entry) return;
    const challenge = this.#newId();
    const sent = challengeMessage(entry.json, challenge, this.#newId);
    const answer = await deliver(entry.json.transport.callback, entry.secret, sent).catch(() => null);
    const proven = answer?.status === 200 && answer.body === challenge;
    entry.json.status = proven ? "enabled" : "webhook_callback_verification_failed";
  }
}

function conditionKey({ type, condition }: Pick<WantedSubscription, "type" | "condition">): string {
  return JSON.stringify([type, Object.entries(condition).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
