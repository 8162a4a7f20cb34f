import { type Chatter, wearsSubscription } from "./viewers.ts";

/** Whom Twitch knows, and who of them subscribes to the channel. */
export class People {
  readonly #byId = new Map<string, Chatter>();
  readonly #subscribers = new Set<string>();

  /** Adds or replaces somebody; badges that show a subscription make one. */
  add(person: Chatter): void {
    this.#byId.set(person.id, person);
    if (wearsSubscription(person.badges ?? [])) this.#subscribers.add(person.id);
  }

  subscribe(userId: string): void {
    this.#subscribers.add(userId);
  }

  unsubscribe(userId: string): void {
    this.#subscribers.delete(userId);
  }

  isSubscriber(userId: string): boolean {
    return this.#subscribers.has(userId);
  }

  find(userId: string): Chatter | null {
    return this.#byId.get(userId) ?? null;
  }

  findByLogin(login: string): Chatter | null {
    for (const person of this.#byId.values()) if (person.login === login) return person;
    return null;
  }
}
