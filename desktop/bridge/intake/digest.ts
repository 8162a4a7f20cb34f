import type { Hello } from "@mgm/domain/chat-line/payload";
import type { EventTagName, Tag } from "@mgm/domain/chat-line/tag";
import { mailIdsOf } from "../commands/about.ts";
import { type FactContent, factOf, sameness } from "../delivery/fact.ts";
import { lineTime } from "../log/line-time.ts";
import type { LogChunk } from "../log/log-reader.ts";
import { describeStack, drawAnew, type GiftDraw, listBags } from "../loop/gift-draw.ts";
import { type Injected, isPrompt } from "../mail/injected.ts";
import { type LedgerChange, ledgerAfter, ledgerAfterHello, ledgerAfterUnkeyed } from "../mail/mail-ledger.ts";
import { type Change, drop, ONLY, put, type Store } from "../store/store.ts";
import { addForgeries, type Forgery, NO_FORGERIES } from "../trust/forgeries.ts";
import { judgeLine, NO_TRUST, openHelloTypedAt, spendSecrets, type TrustState } from "../trust/trust.ts";

/*
 * From lines to consequences. A chunk of the log becomes one batch for the store: what its lines mean together with the
 * position after them. Either both are on the disk or neither, so no line is acted on twice and none is passed over,
 * wherever the process dies. What happens outside follows from what is stored: facts are told to the API from their
 * table, and `events` only wake up who is waiting.
 */

/** What others of the bridge want to hear at once. */
export type LogEvent =
  | { readonly kind: "hello"; readonly hello: Hello }
  /** Somebody wants a hello: `soon` who has the key, `paced` who has none. */
  | { readonly kind: "hello_wanted"; readonly how: "paced" | "soon" }
  | { readonly kind: "tag"; readonly tag: Tag }
  /** The game said goodbye: it shows no world any more. */
  | { readonly kind: "world_left" }
  /** A mail did not leave; said once, however often the addon repeats it. */
  | { readonly kind: "mail_failed"; readonly id: string }
  /** A line that is no tag: perhaps one of our commands, said aloud. */
  | { readonly kind: "talk"; readonly text: string };

/** What a chunk comes to. */
export interface Digest {
  readonly changes: readonly Change[];
  readonly events: readonly LogEvent[];
}

/** Above what typing a line takes, and what the log is behind; clocks of one machine, rounded differently, included. */
const TYPING_MS = 10_000;

/** Draws the consequences of a chunk, from what the store knows. Changes nothing by itself. */
export function digest(store: Store, chunk: LogChunk, now: number): Digest {
  const work = new ChunkWork(store, now);
  if (chunk.reset !== null) work.startAnotherLog();
  for (const line of chunk.lines) work.take(line);
  return work.finish(chunk);
}

class ChunkWork {
  readonly #store: Store;
  readonly #now: number;
  readonly #trustBefore: TrustState;
  #trust: TrustState;
  #factNumber: number;
  /** Facts on their way, by sameness; made when the first fact is met. */
  #known: Set<string> | null = null;
  readonly #changes: Change[] = [];
  readonly #events: LogEvent[] = [];
  readonly #forgeries: Forgery[] = [];
  readonly #sendings: Map<string, { readonly since: number; readonly helloAt: number | null }>;
  readonly #injected: Map<string, Injected>;
  readonly #failures: Map<string, { readonly at: number }>;
  readonly #gifts: Map<string, GiftDraw>;
  #world: { readonly isShown: boolean; readonly at: number } | null = null;

  constructor(store: Store, now: number) {
    this.#store = store;
    this.#now = now;
    this.#trustBefore = store.get("trust", ONLY) ?? NO_TRUST;
    this.#trust = this.#trustBefore;
    this.#factNumber = store.get("counter", ONLY)?.fact ?? 0;
    this.#sendings = new Map(store.all("sending"));
    this.#injected = new Map(store.all("injected"));
    this.#failures = new Map(store.all("failure"));
    this.#gifts = new Map(store.all("gift"));
  }

  /** Pieces of the old log do not go on in the new one, and what the addon said there may be lost. */
  startAnotherLog(): void {
    this.#trust = { ...this.#trust, pending: {} };
    // Whatever was in the old one and had not been read is gone.
    this.#putOnRecord([...this.#injected.keys()], false);
    this.#events.push({ kind: "hello_wanted", how: "soon" });
  }

  take(line: { readonly text: string; readonly beginningSeen: boolean }): void {
    const { trust, verdict } = judgeLine(this.#trust, line, this.#now);
    this.#trust = trust;
    switch (verdict.kind) {
      case "nothing":
        this.#events.push({ kind: "talk", text: line.text });
        return;
      case "forged":
        this.#forgeries.push({ text: line.text, reason: verdict.reason, at: this.#now });
        return;
      case "leaked":
        this.#events.push({ kind: "talk", text: line.text }, { kind: "hello_wanted", how: "soon" });
        return;
      case "unkeyed":
        this.#seeWorld(line.text, verdict.name !== "BYE");
        if (verdict.name === "BYE") this.#leaveWorld(line.text);
        if (verdict.name === "SENDING" && verdict.id !== null) this.#write(ledgerAfterUnkeyed(verdict.id, this.#now));
        this.#events.push({ kind: "hello_wanted", how: "paced" });
        return;
      case "malformed":
        this.#seeWorld(line.text, true);
        return;
      case "hello":
        this.#seeWorld(line.text, true);
        for (const change of ledgerAfterHello(this.#sendings, this.#now)) this.#write(change);
        this.#forgetUnheardCommands();
        this.#events.push({ kind: "hello", hello: verdict.hello });
        return;
      case "tag":
        this.#seeWorld(line.text, verdict.tag.name !== "BYE");
        this.#act(verdict.tag, line.text);
        return;
      default:
        verdict satisfies never;
    }
  }

  finish(chunk: LogChunk): Digest {
    const { fact, command } = this.#store.get("counter", ONLY) ?? { fact: 0, command: 0 };
    if (this.#factNumber !== fact) this.#changes.push(put("counter", ONLY, { command, fact: this.#factNumber }));
    if (this.#trust !== this.#trustBefore) this.#changes.push(put("trust", ONLY, this.#trust));
    if (this.#forgeries.length > 0) {
      const list = this.#store.get("forgeries", ONLY) ?? NO_FORGERIES;
      this.#changes.push(put("forgeries", ONLY, addForgeries(list, this.#forgeries)));
    }
    if (this.#world !== null) this.#changes.push(put("world", ONLY, this.#world));
    this.#changes.push(put("position", ONLY, chunk.position));
    return { changes: this.#changes, events: this.#events };
  }

  #act(tag: Tag, text: string): void {
    if (tag.name === "ACK") this.#acknowledge(tag.number);
    if (tag.name === "READY") this.#events.push({ kind: "hello_wanted", how: "soon" });
    const ledger =
      "id" in tag && !this.#isSettled(tag) ? ledgerAfter(tag, this.#sendings.get(tag.id), this.#now) : null;
    if (ledger !== null) this.#write(ledger);
    // Everything before it is in the file, and the addon has saved what it knows.
    if (tag.name === "BYE") {
      this.#putOnRecord(this.#injectedBefore(text), true);
      this.#leaveWorld(text);
    }
    if ("id" in tag && !this.#noteDraw(tag)) this.#noteMail(tag.name, tag.id, text);
    this.#tell(tag);
    this.#events.push({ kind: "tag", tag });
  }

  /** A hello that was being typed when the world went may stand in the login screen, where people can read it. */
  #leaveWorld(bye: string): void {
    this.#events.push({ kind: "world_left" });
    const { state, at = 0 } = this.#store.get("command", "hello") ?? {};
    const isAnswered = openHelloTypedAt(this.#trust, this.#now) === null;
    const sinceMs = (lineTime(bye, this.#now) ?? this.#now) - at;
    if (state !== "typed" || isAnswered || Math.abs(sinceMs) > TYPING_MS) return;
    this.#trust = spendSecrets(this.#trust);
    this.#events.push({ kind: "hello_wanted", how: "soon" });
  }

  /** A mail that the streamer has called sent: the addon may repeat its SENDING until the row is withdrawn. */
  #isSettled(tag: Tag & { readonly id: string }): boolean {
    const byHand: FactContent = { kind: "mail_sent", payoutId: tag.id, byHand: true };
    const gift: FactContent = { kind: "gift_sent", giftRequestId: tag.id };
    return tag.name === "SENDING" && [byHand, gift].some((content) => this.#isKnown(sameness(content)));
  }

  /** Whether a tag was about a gift's draw and nothing else. Of requests that were never looked at nothing is kept. */
  #noteDraw(tag: Tag & { readonly id: string }): boolean {
    const before = this.#gifts.get(tag.id);
    if (before === undefined) return false;
    const after = drawAfter(before, tag);
    if (after === null) return false;
    if (after !== before) {
      this.#gifts.set(tag.id, after);
      this.#changes.push(put("gift", tag.id, after));
    }
    return true;
  }

  #noteMail(name: EventTagName | "ITEMS" | "ITEM", id: string, text: string): void {
    if (name === "FAILED" && !this.#failures.has(id)) {
      this.#failures.set(id, { at: this.#now });
      this.#changes.push(put("failure", id, { at: this.#now }));
      this.#events.push({ kind: "mail_failed", id });
    }
    const isSent = name === "CONFIRM" || name === "GIFT_SENT";
    if ((isSent || name === "SENDING") && this.#failures.delete(id)) this.#changes.push(drop("failure", id));
    if (isSent && !this.#isToldAlready(id, name)) {
      this.#changes.push(put("mailbox", ONLY, { lastMailAt: lineTime(text, this.#now) ?? this.#now }));
    }
  }

  /** What is said again after a hello is no new mail. */
  #isToldAlready(id: string, name: "CONFIRM" | "GIFT_SENT"): boolean {
    const content = factOf({ name, id });
    return content !== null && this.#isKnown(sameness(content));
  }

  #isKnown(same: string): boolean {
    this.#known ??= new Set(
      [...this.#store.all("fact").values(), ...[...this.#store.all("refusal").values()].map(({ fact }) => fact)].map(
        (fact) => sameness(fact.content),
      ),
    );
    return this.#known.has(same) || this.#store.get("told", same) !== undefined;
  }

  /** The addon repeats itself after every hello: what is on its way, was told or was refused is not told anew. */
  #tell(tag: Tag): void {
    const content = factOf(tag);
    if (content === null) return;
    const same = sameness(content);
    if (this.#isKnown(same)) return;
    this.#known?.add(same);
    this.#factNumber += 1;
    const fact = { number: this.#factNumber, content, addedAt: this.#now };
    this.#changes.push(put("fact", String(fact.number), fact));
  }

  #acknowledge(number: number): void {
    for (const [about, record] of this.#store.all("command")) {
      if (record.number !== number || record.state === "acknowledged") continue;
      this.#changes.push(put("command", about, { number, state: "acknowledged", at: this.#now }));
      if (isPrompt(record.at, this.#now)) this.#putOnRecord(mailIdsOf(about), true);
    }
  }

  /** Mail that was named before a line was written; the line may be an old one that is read again. */
  #injectedBefore(text: string): string[] {
    const at = lineTime(text, this.#now) ?? this.#now;
    return [...this.#injected].filter(([, injected]) => injected.at <= at).map(([id]) => id);
  }

  #putOnRecord(ids: readonly string[], isOnRecord: boolean): void {
    for (const id of ids) {
      const injected = this.#injected.get(id);
      if (injected === undefined || injected.isOnRecord === isOnRecord) continue;
      this.#injected.set(id, { ...injected, isOnRecord });
      this.#changes.push(put("injected", id, { ...injected, isOnRecord }));
    }
  }

  /**
   * Numbers are for repeats, and a hello begins anew: an addon that had heard a command, unheard by us, before it let all
   * rows wait would take the same number for a repeat, and the row would wait for ever.
   */
  #forgetUnheardCommands(): void {
    for (const [about, { state }] of this.#store.all("command")) {
      if (state !== "acknowledged") this.#changes.push(drop("command", about));
    }
  }

  #write({ id, sending, question }: LedgerChange): void {
    if (sending === null) {
      if (this.#sendings.delete(id)) this.#changes.push(drop("sending", id));
    } else if (sending !== undefined) {
      this.#sendings.set(id, sending);
      this.#changes.push(put("sending", id, sending));
    }
    if (question === null) this.#changes.push(drop("question", id));
    // The first reason stays: the streamer may be looking into the mailbox already.
    else if (question !== undefined && this.#store.get("question", id) === undefined) {
      this.#changes.push(put("question", id, question));
    }
  }

  #seeWorld(text: string, isShown: boolean): void {
    this.#world = { isShown, at: lineTime(text, this.#now) ?? this.#now };
  }
}

/** What a tag makes of a draw; null for tags that say something else. */
function drawAfter(draw: GiftDraw, tag: Tag): GiftDraw | null {
  switch (tag.name) {
    case "ITEMS":
      return listBags(draw, tag.stacks);
    case "ITEM":
      return describeStack(draw);
    case "FAILED":
      return drawAnew(draw);
    default:
      return null;
  }
}
