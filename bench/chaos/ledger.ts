import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

/*
 * What the outside world knows of a run: what Twitch sent and how it was answered, what was posted in chat, what was typed
 * into the game, what lies in the mailboxes of the realm. One JSON object a line, written when it happens, by the driver,
 * which nobody kills. It names no rule of the product: the checker reads it beside database and histories.
 */

/** One thing that happened outside the product. Times are Unix milliseconds. */
export type LedgerEntry =
  /** The run's own facts. */
  | {
      readonly kind: "run";
      readonly seed: number;
      readonly broadcasterId: string;
      readonly timings: Readonly<Record<string, number>>;
      readonly at: number;
    }
  /** Somebody typed a command in chat; Twitch has it to deliver. */
  | {
      readonly kind: "command";
      readonly messageId: string;
      readonly userId: string;
      readonly word: "twgold" | "twgift";
      readonly name: string;
      readonly isSubscriber: boolean;
      /** False for what a shared chat's partner wrote. */
      readonly isOfChannel: boolean;
      readonly isSigned: boolean;
      readonly at: number;
    }
  /** How a delivery of it was answered; 0: not at all. */
  | { readonly kind: "delivered"; readonly messageId: string; readonly status: number; readonly at: number }
  | {
      readonly kind: "claim";
      readonly requestId: string;
      readonly userId: string;
      readonly name: string;
      readonly isSubscriber: boolean;
      readonly at: number;
    }
  | {
      readonly kind: "claim_answered";
      readonly requestId: string;
      readonly status: number;
      readonly code: string | null;
      readonly at: number;
    }
  /** A line in the channel's chat. */
  | { readonly kind: "posted"; readonly messageId: string; readonly text: string; readonly at: number }
  /** A mail was named to the addon; several times when the desktop repeats it. */
  | {
      readonly kind: "named";
      readonly mail: "gold" | "gift";
      readonly id: string;
      readonly to: string;
      readonly at: number;
    }
  /** Somebody of the realm is talked about for the first time; offline for good, or never answering. */
  | { readonly kind: "person"; readonly name: string; readonly isSilent: boolean; readonly isOffline: boolean }
  /** A mail in somebody's box. */
  | {
      readonly kind: "mailed";
      readonly to: string;
      readonly copper: number;
      readonly items: readonly { readonly itemId: number; readonly count: number }[];
      readonly at: number;
    }
  /** The streamer's purse, and postage for all that was mailed. */
  | { readonly kind: "purse"; readonly copperBefore: number; readonly copperAfter: number }
  | { readonly kind: "forged"; readonly text: string; readonly at: number }
  | { readonly kind: "fault"; readonly fault: string; readonly at: number }
  /** A process's wall clock was set; 0 later sets it right again. */
  | { readonly kind: "clock"; readonly owner: string; readonly offsetMs: number; readonly at: number }
  /** A process ended that nobody had killed. */
  | { readonly kind: "died"; readonly process: string; readonly how: string; readonly at: number }
  /** What the streamer was asked, and answered. */
  | {
      readonly kind: "asked";
      readonly id: string;
      readonly reason: string;
      readonly answer: string;
      readonly at: number;
    }
  /** What the streamer's window shows at the end. */
  | {
      readonly kind: "window";
      readonly questions: readonly string[];
      readonly waitingMails: number;
      readonly refusals: readonly { readonly kind: string; readonly id: string; readonly code: string }[];
    };

/** The ledger of a run that goes on. */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly file: string;
  readonly #named = new Set<string>();
  readonly #listeners = new Set<(entry: LedgerEntry) => void>();

  constructor(file: string) {
    this.file = file;
    writeFileSync(file, "");
  }

  write(entry: LedgerEntry): void {
    this.entries.push(entry);
    if (entry.kind === "named") this.#named.add(entry.to);
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
    for (const listener of [...this.#listeners]) listener(entry);
  }

  /** Whether a mail was ever named for that character. */
  wasNamed(to: string): boolean {
    return this.#named.has(to);
  }

  /** Resolves at the next entry of that kind, or when the time is over. */
  next(kind: LedgerEntry["kind"], withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve();
      };
      const timer = setTimeout(end, withinMs);
      const listener = (entry: LedgerEntry): void => {
        if (entry.kind === kind) end();
      };
      this.#listeners.add(listener);
    });
  }
}

/** Reads a ledger's file. */
export function readLedger(file: string): LedgerEntry[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as LedgerEntry);
}
