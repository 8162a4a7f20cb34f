import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type LineTrust, parseChatLine, readHello } from "@mgm/domain/chat-line";
import type { Hello } from "@mgm/domain/chat-line/payload";
import type { Tag } from "@mgm/domain/chat-line/tag";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import type { CandidateDto, LeaseDto, PayoutDetailsDto } from "@mgm/domain/wire";
import { type ApiAnswer, ApiClient } from "./api-client.ts";
import { linesFrom } from "./chat-log-file.ts";
import { type CommandName, formatCommand } from "./commands.ts";
import { MemoryFile } from "./memory-file.ts";

/*
 * Stands where the desktop's bridge will stand, between API and game:
 *
 *   candidate ─► /who                                [MGM_WHO] ─► verify-candidate
 *   payout ─► whisper the winner                     [MGM_ACCEPT] ─► confirm-acceptance
 *   accepted ─► InProgress (Sync) ─► ReceiveGold     [MGM_CONFIRM] ─► confirm-mail-sent
 *
 * It types nothing before its hello was answered, and reads the log by byte offset: a line is done when the API has
 * answered it. What may be said twice is said twice; API and addon act once.
 */

/** What the stand-in is made of. */
export type DesktopStandInOptions = {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Holds what the desktop remembers. */
  readonly folder: string;
  /** The game: where its log is, and its chat box. */
  readonly chatLogFile: string;
  readonly type: (line: string) => void;
  readonly pollMs?: number;
  readonly log: (line: string) => void;
};

const POLL_MS = 500;
const LOG_EVERY_MS = 100;
const BEAT_EVERY_MS = 15_000;
const SAY_AGAIN_MS = 20_000;

type DesktopMemory = { desktopId: string; key: string; number: number; offset: number };

/** A running stand-in. */
export type DesktopStandIn = { stop(): Promise<void> };

/** Starts it; it works until it is stopped. */
export function startDesktopStandIn(options: DesktopStandInOptions): DesktopStandIn {
  const stopping = new AbortController();
  const desktop = new Desktop(options, stopping.signal);
  const loops = [
    repeat(options.pollMs ?? POLL_MS, () => desktop.poll(), stopping.signal, options.log),
    repeat(LOG_EVERY_MS, () => desktop.readLog(), stopping.signal, options.log),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function repeat(
  everyMs: number,
  act: () => Promise<void>,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await act();
      await delay(everyMs, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      log(`desktop: ${error instanceof Error ? error.message : String(error)}`);
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

class Desktop {
  readonly #options: DesktopStandInOptions;
  readonly #api: ApiClient;
  readonly #memory: MemoryFile<DesktopMemory>;
  readonly #nonce = randomBytes(16).toString("hex");
  /** When something was last typed, by what it was about. */
  readonly #typedAt = new Map<string, number>();
  /** Numbers of whispers, by payout, and the numbers that the addon acknowledged. */
  readonly #whisperNumbers = new Map<string, number>();
  readonly #acknowledged = new Set<number>();
  #hello: Hello | null = null;
  #hasTakenOver = false;
  #isActive = false;
  #beatAt = 0;

  constructor(options: DesktopStandInOptions, signal: AbortSignal) {
    this.#options = options;
    this.#memory = new MemoryFile<DesktopMemory>(join(options.folder, "desktop.json"), {
      desktopId: randomUUID(),
      key: randomBytes(8).toString("hex"),
      number: 0,
      offset: 0,
    });
    // Key and id must be on the disk before anybody hears of them.
    this.#memory.change({});
    const { desktopId } = this.#memory.value;
    const headers = { "X-MGM-ApiKey": options.apiKey, "X-MGM-Desktop": desktopId };
    this.#api = new ApiClient({ apiUrl: options.apiUrl, headers: () => headers, signal });
  }

  /** One look at what the API wants. */
  async poll(): Promise<void> {
    if (Date.now() - this.#beatAt > BEAT_EVERY_MS) await this.#beat();
    if (!this.#isActive) return;
    if (this.#hello === null) {
      this.#typeOnce("hello", "MGM_Hello", [this.#nonce, this.#memory.value.key]);
      return;
    }
    const candidate = await this.#api.request<CandidateDto | null>("GET", "/api/roulette/candidate");
    if (candidate.ok && candidate.body !== null) {
      const { spinCycleId, characterName } = candidate.body;
      this.#typeOnce(`who ${spinCycleId}`, "MGM_RunWhoForSpin", [spinCycleId, characterName]);
    }
    const pending = await this.#api.request<PayoutDetailsDto[]>("GET", "/api/payouts/pending");
    if (pending.ok) for (const payout of pending.body) await this.#lookAfter(payout);
  }

  /** Acts on every line that the log has more. */
  async readLog(): Promise<void> {
    for await (const { line, nextOffset } of linesFrom(this.#options.chatLogFile, this.#memory.value.offset)) {
      const read = parseChatLine(line, this.#trust());
      if (read.kind === "tag") await this.#act(read.tag);
      else if (read.kind === "hello" && read.nonce === this.#nonce) this.#greet(read.text, read.prefix);
      this.#memory.change({ offset: nextOffset });
    }
  }

  async #beat(): Promise<void> {
    const answer = await this.#api.request<LeaseDto>("POST", "/api/desktop/heartbeat", {
      desktopVersion: "0.1.0",
      addonVersion: this.#hello?.addonVersion ?? null,
      character: this.#hello?.character ?? null,
      realm: this.#hello?.realm ?? null,
      transport: this.#hello?.transport ?? null,
      gameFound: true,
      bangSwallowed: this.#hello?.bangSwallowed ?? null,
      // A demo begins at once, whoever was active before; afterwards others may take over for good.
      takeOver: !this.#hasTakenOver,
    });
    this.#hasTakenOver = true;
    this.#beatAt = Date.now();
    this.#isActive = answer.ok && answer.body.active;
  }

  async #lookAfter(payout: PayoutDetailsDto): Promise<void> {
    const { id, characterName } = payout;
    const number = this.#typeOnce(`whisper ${id}`, "NotifyWinnerWhisper", [id, characterName]);
    if (number !== null) this.#whisperNumbers.set(id, number);
    const isWhispered = this.#acknowledged.has(this.#whisperNumbers.get(id) ?? -1);
    if (!isWhispered || payout.winnerAcceptedWillingToReceiveAt === null) return;
    if (payout.status === "Pending") {
      this.#report(await this.#api.request("PATCH", `/api/payouts/${id}/status`, { status: "InProgress" }));
    } else if (payout.heldBy === this.#memory.value.desktopId) {
      this.#typeOnce(`gold ${id}`, "ReceiveGold", [`${id}:${characterName}:${PAYOUT_COPPER};`]);
    }
  }

  #greet(text: string, prefix: string): void {
    const read = readHello(text, prefix);
    if (!read.ok) return;
    this.#hello = read.hello;
    // The API learns at once whose character it is.
    this.#beatAt = 0;
  }

  async #act(tag: Tag): Promise<void> {
    switch (tag.name) {
      case "ACK":
        this.#acknowledged.add(tag.number);
        return;
      case "WHO":
        return this.#report(
          await this.#api.request("POST", "/api/roulette/verify-candidate", { schemaVersion: 1, ...tag.report }),
        );
      case "ACCEPT":
        return await this.#accept(tag.id);
      case "CONFIRM":
        this.#report(await this.#api.request("POST", `/api/payouts/${tag.id}/confirm-mail-sent`, {}));
        return this.#forget(tag.id);
      default:
        // Not of this story.
        return;
    }
  }

  async #accept(id: string): Promise<void> {
    const pending = await this.#api.request<PayoutDetailsDto[]>("GET", "/api/payouts/pending");
    const payout = pending.ok ? pending.body.find((one) => one.id === id) : undefined;
    // The addon repeats itself after a hello, also about what has ended since.
    if (payout === undefined) return;
    const { characterName } = payout;
    this.#report(await this.#api.request("POST", `/api/payouts/${id}/confirm-acceptance`, { characterName }));
  }

  #forget(id: string): void {
    this.#acknowledged.delete(this.#whisperNumbers.get(id) ?? -1);
    this.#whisperNumbers.delete(id);
  }

  #report(answer: ApiAnswer<unknown>): void {
    if (!answer.ok) this.#options.log(`desktop: refused with ${answer.status} ${answer.code}`);
  }

  /** Types a command unless it was typed a moment ago; the number under which it was typed, else null. */
  #typeOnce(about: string, name: CommandName, args: readonly string[]): number | null {
    const now = Date.now();
    if (now - (this.#typedAt.get(about) ?? 0) < SAY_AGAIN_MS) return null;
    for (const [old, at] of this.#typedAt) if (now - at >= SAY_AGAIN_MS) this.#typedAt.delete(old);
    this.#typedAt.set(about, now);
    const number = Math.max(this.#memory.value.number + 1, Math.floor(now / 1_000));
    this.#memory.change({ number });
    this.#options.type(formatCommand({ name, args, number }));
    return number;
  }

  #trust(): LineTrust {
    return {
      keys: [this.#memory.value.key],
      ownCharacter: this.#hello?.character ?? null,
      whisperFormat: this.#hello?.whisperFormat ?? null,
    };
  }
}
