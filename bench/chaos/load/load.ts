import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../simulator/game/random.ts";
import type { EventSubSender } from "../../../simulator/twitch/eventsub.ts";
import type { EventSubMessage } from "../../../simulator/twitch/eventsub-message.ts";
import { extensionJwt } from "../../../simulator/twitch/extension-jwt.ts";
import type { Ledger } from "../ledger.ts";
import type { System } from "../system/system.ts";
import { anybody, type Fan, makeCrowd, newFan, newName } from "./crowd.ts";

/*
 * What a busy channel does to the product: viewers enrol, rename, squat, ask for gifts, claim over HTTP; Twitch repeats what
 * was not taken and some of what was; strangers, partners and forgers try. Everything goes into the ledger.
 */

const CROWD = 60;
const NEWCOMER_SHARE = 0.5;
const ACT_EVERY_MS = 200;
/** They are served one at a time, each in most of that time: more would only make the queue longer. */
const GIFT_EVERY_MS = 30_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 3_000;
const MOST_DELIVERIES = 40;
const FORGE_EVERY_MS = 1_500;
const TIMEOUT_MS = 5_000;
/** Answers of a claim that will not change. */
const FINAL = [200, 201, 400, 401, 403, 404, 409];

/** The load of one run. */
export class Load {
  readonly #system: System;
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #crowd = makeCrowd(CROWD);
  readonly #senders: readonly EventSubSender[];
  readonly #messages: { readonly message: EventSubMessage; readonly messageId: string }[] = [];
  readonly #under = new Set<Promise<void>>();
  #isOver = false;
  #turns = 0;
  #giftAt = 0;
  #forgeAt = 0;

  constructor(system: System, ledger: Ledger, random: Random) {
    this.#system = system;
    this.#ledger = ledger;
    this.#random = random;
    this.#senders = system.apiUrls.map((url) => system.twitch.events(`${url}/api/twitch/eventsub`));
    for (const { chatter } of this.#crowd) system.twitch.people.add(chatter);
  }

  /** Acts until `end` is called. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      this.#act();
      await delay(ACT_EVERY_MS);
    }
  }

  /** Many join at once. */
  burst(size: number): void {
    for (let joined = 0; joined < size; joined++) this.#begin(this.#ask(this.#subscriber(), "twgold"));
  }

  /** Nothing new begins; what was begun is delivered or given up. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#under);
  }

  #act(): void {
    const now = Date.now();
    const random = this.#random;
    if (now - this.#giftAt >= GIFT_EVERY_MS) {
      this.#giftAt = now;
      const fan = random() < NEWCOMER_SHARE ? this.#newcomer() : this.#subscriber();
      this.#begin(this.#ask(fan, "twgift"));
    }
    if (now - this.#forgeAt >= FORGE_EVERY_MS) {
      this.#forgeAt = now;
      this.#forge();
    }
    const fan = anybody(this.#crowd, random);
    const chance = random();
    if (chance < 0.55) this.#begin(this.#ask(fan, "twgold"));
    else if (chance < 0.65) this.#begin(this.#claim(fan));
    else if (chance < 0.8 && this.#messages.length > 0) {
      const { message, messageId } = anybody(this.#messages, random);
      this.#begin(this.#deliver(message, messageId));
    } else if (chance < 0.85) this.#begin(this.#squat(fan));
    else if (chance < 0.9) this.#begin(this.#ask(fan, "twgold", { isOfChannel: false }));
    else if (chance < 0.95) this.#begin(this.#ask(fan, "twgold", { isSigned: false }));
  }

  #subscriber(): Fan {
    return anybody(
      this.#crowd.filter(({ isSubscriber }) => isSubscriber),
      this.#random,
    );
  }

  /** Nobody is given twice: without new people gifts would come to an end. */
  #newcomer(): Fan {
    const fan = newFan(this.#crowd.length, { isSubscriber: true });
    this.#crowd.push(fan);
    this.#system.twitch.people.add(fan.chatter);
    return fan;
  }

  /** The next API process's turn. */
  #turn<Item>(items: readonly Item[]): Item {
    const item = items[this.#turns++ % items.length];
    if (item === undefined) throw new Error("there is no API");
    return item;
  }

  #begin(work: Promise<void>): void {
    this.#under.add(work);
    void work.finally(() => this.#under.delete(work));
  }

  /** Types a command. */
  async #ask(
    fan: Fan,
    word: "twgold" | "twgift",
    { isOfChannel = true, isSigned = true, name = this.#nameFor(fan) } = {},
  ): Promise<void> {
    const messageId = randomUUID();
    const message = this.#turn(this.#senders).chatMessage({
      chatter: fan.chatter,
      text: `!${word} ${name}`,
      messageId,
      ...(isOfChannel ? {} : { sourceBroadcasterId: "partner" }),
    });
    const { isSubscriber } = fan;
    this.#ledger.write({
      kind: "command",
      messageId,
      userId: fan.chatter.id,
      word,
      name,
      isSubscriber,
      isOfChannel,
      isSigned,
      at: Date.now(),
    });
    await this.#deliver(message, messageId, isSigned);
    if (isSigned) this.#messages.push({ message, messageId });
  }

  /** As Twitch does: again until it is taken, or it is given up. */
  async #deliver(message: EventSubMessage, messageId: string, isSigned = true): Promise<void> {
    for (let retry = 0; retry < MOST_DELIVERIES; retry++) {
      const sender = this.#turn(this.#senders);
      const sent = await sender.send(message, { retry, badSignature: !isSigned }).catch(() => null);
      const status = sent?.status ?? 0;
      this.#ledger.write({ kind: "delivered", messageId, status, at: Date.now() });
      if ((status >= 200 && status < 300) || status === 401) return;
      await delay(waitBefore(retry + 1));
    }
  }

  /** Claims over HTTP, with one id until the answer is final. */
  async #claim(fan: Fan): Promise<void> {
    const { settings, apiUrls } = this.#system;
    const requestId = randomUUID();
    const { isSubscriber, chatter } = fan;
    const userId = chatter.id;
    const name = this.#nameFor(fan);
    this.#ledger.write({ kind: "claim", requestId, userId, name, isSubscriber, at: Date.now() });
    const token = await extensionJwt(
      { role: "viewer", userId },
      { secret: settings.TWITCH_EXTENSION_SECRETS[0] ?? "", channelId: settings.TWITCH_BROADCASTER_ID },
    );
    for (let attempt = 0; attempt < MOST_DELIVERIES && !this.#isOver; attempt++) {
      const answer = await fetch(`${this.#turn(apiUrls)}/api/payouts/claim`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ characterName: name, enrollmentRequestId: requestId }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
        .then(async (response) => ({ status: response.status, body: (await response.json()) as { code?: string } }))
        .catch(() => ({ status: 0, body: {} as { code?: string } }));
      const { status, body } = answer;
      this.#ledger.write({ kind: "claim_answered", requestId, status, code: body.code ?? null, at: Date.now() });
      if (FINAL.includes(status)) return;
      await delay(waitBefore(attempt + 1));
    }
  }

  /** Asks for the name that somebody else uses. */
  async #squat(fan: Fan): Promise<void> {
    const other = anybody(this.#crowd, this.#random);
    if (other !== fan && other.name !== "") await this.#ask(fan, "twgold", { name: other.name });
  }

  #nameFor(fan: Fan): string {
    // A name that was won with is not used again: a mail to it tells which payout it was.
    if (fan.name === "" || this.#ledger.wasNamed(fan.name) || this.#random() < 0.1) fan.name = newName(fan);
    return fan.name;
  }

  /** A line that would move gold if it were believed. */
  #forge(): void {
    if (!this.#system.game.played.isInWorld) return;
    const named = this.#ledger.entries.filter((entry) => entry.kind === "named");
    const id = named.length > 0 ? anybody(named, this.#random).id : randomUUID();
    const tag = anybody(["CONFIRM", "ACCEPT", "SENDING", "FAILED", "GIFT_SENT", "GIFT_ACCEPT"], this.#random);
    const key = this.#random() < 0.5 ? ` #${randomUUID().replaceAll("-", "").slice(0, 16)}` : "";
    const how = anybody(["SAY", "YELL", "EMOTE", "WHISPER", "GUILD"] as const, this.#random);
    this.#system.game.shout(`[MGM_${tag}:${id}]${key}`, how);
  }
}

/** Longer each time. */
function waitBefore(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 1.5 ** attempt);
}
