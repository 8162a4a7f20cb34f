import { type Chatter, wearsSubscription } from "./viewers.ts";

/** Whom Twitch knows, and who of them subscribes to which channel. */
export class People {
  readonly #homeChannel: string;
  readonly #byId = new Map<string, Chatter>();
  readonly #subscribers = new Map<string, Set<string>>();

  /** Who is said to subscribe without naming a channel subscribes to the home channel. */
  constructor(homeChannel: string) {
    this.#homeChannel = homeChannel;
  }

  /** Adds or replaces somebody; badges that show a subscription make one. */
  add(person: Chatter): void {
    this.#byId.set(person.id, person);
    if (wearsSubscription(person.badges ?? [])) this.subscribe(person.id);
  }

  subscribe(userId: string, channel = this.#homeChannel): void {
    this.#subscribers.set(channel, (this.#subscribers.get(channel) ?? new Set()).add(userId));
  }

  unsubscribe(userId: string, channel = this.#homeChannel): void {
    this.#subscribers.get(channel)?.delete(userId);
  }

  isSubscriber(userId: string, channel: string): boolean {
    return this.#subscribers.get(channel)?.has(userId) ?? false;
  }

  find(userId: string): Chatter | null {
    return this.#byId.get(userId) ?? null;
  }

  findByLogin(login: string): Chatter | null {
    for (const person of this.#byId.values()) if (person.login === login) return person;
    return null;
  }
}
