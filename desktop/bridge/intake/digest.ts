import type { Hello } from "@mgm/domain/chat-line/payload";
import type { Tag } from "@mgm/domain/chat-line/tag";
import { factOf, sameness } from "../delivery/fact.ts";
import { lineTime } from "../log/line-time.ts";
import type { LogChunk } from "../log/log-reader.ts";
import { type LedgerChange, ledgerAfter, ledgerAfterHello, ledgerAfterUnkeyed } from "../mail/mail-ledger.ts";
import { type Change, drop, ONLY, put, type Store } from "../store/store.ts";
import { addForgeries, type Forgery, NO_FORGERIES } from "../trust/forgeries.ts";
import { judgeLine, NO_TRUST, type TrustState } from "../trust/trust.ts";

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
  /** A line that is no tag: perhaps one of our commands, said aloud. */
  | { readonly kind: "talk"; readonly text: string };

/** What a chunk comes to. */
export interface Digest {
  readonly changes: readonly Change[];
  readonly events: readonly LogEvent[];
}

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
  #world: { readonly isShown: boolean; readonly at: number } | null = null;

  constructor(store: Store, now: number) {
    this.#store = store;
    this.#now = now;
    this.#trustBefore = store.get("trust", ONLY) ?? NO_TRUST;
    this.#trust = this.#trustBefore;
    this.#factNumber = store.get("counter", ONLY)?.fact ?? 0;
    this.#sendings = new Map(store.all("sending"));
  }

  /** Pieces of the old log do not go on in the new one, and what the addon said there may be lost. */
  startAnotherLog(): void {
    this.#trust = { ...this.#trust, pending: {} };
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
        if (verdict.name === "SENDING" && verdict.id !== null) this.#write(ledgerAfterUnkeyed(verdict.id, this.#now));
        this.#events.push({ kind: "hello_wanted", how: "paced" });
        return;
      case "malformed":
        this.#seeWorld(line.text, true);
        return;
      case "hello":
        this.#seeWorld(line.text, true);
        for (const change of ledgerAfterHello(this.#sendings, this.#now)) this.#write(change);
        this.#events.push({ kind: "hello", hello: verdict.hello });
        return;
      case "tag":
        this.#seeWorld(line.text, verdict.tag.name !== "BYE");
        this.#act(verdict.tag);
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

  #act(tag: Tag): void {
    if (tag.name === "ACK") this.#acknowledge(tag.number);
    if (tag.name === "READY") this.#events.push({ kind: "hello_wanted", how: "soon" });
    const ledger = "id" in tag ? ledgerAfter(tag, this.#sendings.get(tag.id), this.#now) : null;
    if (ledger !== null) this.#write(ledger);
    this.#tell(tag);
    this.#events.push({ kind: "tag", tag });
  }

  /** The addon repeats itself after every hello: what is on its way, was told or was refused is not told anew. */
  #tell(tag: Tag): void {
    const content = factOf(tag);
    if (content === null) return;
    this.#known ??= new Set(
      [...this.#store.all("fact").values(), ...[...this.#store.all("refusal").values()].map(({ fact }) => fact)].map(
        (fact) => sameness(fact.content),
      ),
    );
    const same = sameness(content);
    if (this.#known.has(same) || this.#store.get("told", same) !== undefined) return;
    this.#known.add(same);
    this.#factNumber += 1;
    const fact = { number: this.#factNumber, content, addedAt: this.#now };
    this.#changes.push(put("fact", String(fact.number), fact));
  }

  #acknowledge(number: number): void {
    for (const [about, record] of this.#store.all("command")) {
      if (record.number !== number || record.state === "acknowledged") continue;
      this.#changes.push(put("command", about, { number, state: "acknowledged", at: this.#now }));
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
