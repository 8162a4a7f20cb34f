import { WebSocket } from "ws";
import type { BridgeMessage, DesktopAction } from "../../../desktop/wire/protocol.ts";
import type { DesktopState } from "../../../desktop/wire/state.ts";
import type { Ledger } from "../ledger.ts";

/*
 * The streamer at the desktop's window. Looks at what is asked, goes to the mailbox, and tells the truth; tries again what
 * an alert gave up; settles what needs attention. Slow as people are, so that what was under way has arrived.
 */

const LOOK_EVERY_MS = 500;
const THINKS_FOR_MS = 2_500;
const RETRIES_AFTER_MS = 5_000;

/** Who answers questions. */
export class Streamer {
  readonly #ledger: Ledger;
  readonly #timer: NodeJS.Timeout;
  #socket: WebSocket | null = null;
  #number = 0;
  /** When each matter was first seen. */
  readonly #since = new Map<string, number>();
  state: DesktopState | null = null;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Opens the window of a bridge that has just started. */
  open(url: string): void {
    this.#close();
    const { host, hash, origin } = new URL(url);
    const token = new URLSearchParams(hash.slice(1)).get("token") ?? "";
    const socket = new WebSocket(`ws://${host}/ws`, `mgm.${token}`, { origin });
    // The bridge dies often; the next one is told to us.
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => {
      const message = JSON.parse(data.toString()) as BridgeMessage;
      if (message.type === "state" && socket === this.#socket) this.state = message.state;
    });
    this.#socket = socket;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#close();
  }

  /** What the window shows goes into the ledger. */
  note(): void {
    const { state } = this;
    if (state === null) return;
    this.#ledger.write({
      kind: "window",
      questions: state.questions.map(({ id }) => id),
      waitingMails: state.status.mailbox.waitingMails,
      refusals: state.refusals.map(({ kind, id, code }) => ({ kind, id, code })),
    });
  }

  #close(): void {
    this.#socket?.terminate();
    this.#socket = null;
    this.state = null;
  }

  #look(): void {
    const { state } = this;
    if (state === null) return;
    for (const { id, reason } of state.questions) {
      if (!this.#isOld(`question ${id}`, THINKS_FOR_MS)) continue;
      const answer = this.#wasMailed(id) ? "sent" : "not_sent";
      this.#ledger.write({ kind: "asked", id, reason, answer, at: Date.now() });
      this.#do({ kind: "answer_question", id, answer });
    }
    for (const { id, canRetry } of state.alerts) {
      if (canRetry && this.#isOld(`alert ${id}`, RETRIES_AFTER_MS)) this.#do({ kind: "retry_alert", id });
    }
    for (const { id, needsAttention } of state.payouts) {
      if (needsAttention && this.#isOld(`attention ${id}`, THINKS_FOR_MS)) {
        this.#do({ kind: "settle_payout", id, note: "looked at" });
      }
    }
  }

  /** Once seen for so long it is dealt with, and seen anew. */
  #isOld(matter: string, ms: number): boolean {
    const since = this.#since.get(matter);
    if (since === undefined) this.#since.set(matter, Date.now());
    else if (Date.now() - since >= ms) {
      this.#since.delete(matter);
      return true;
    }
    return false;
  }

  /** What the mailbox says: a mail to that person, after this one was named and before the next was. */
  #wasMailed(id: string): boolean {
    const { entries } = this.#ledger;
    const first = entries.find((entry) => entry.kind === "named" && entry.id === id);
    if (first?.kind !== "named") return false;
    const next = entries.find(
      (entry) => entry.kind === "named" && entry.to === first.to && entry.id !== id && entry.at > first.at,
    );
    const until = next?.kind === "named" ? next.at : Number.POSITIVE_INFINITY;
    return entries.some(
      (entry) =>
        entry.kind === "mailed" &&
        entry.to === first.to &&
        entry.at >= first.at &&
        entry.at < until &&
        (first.mail === "gold" ? entry.copper > 0 : entry.items.length > 0),
    );
  }

  #do(action: DesktopAction): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ type: "ask", number: ++this.#number, action }));
  }
}
