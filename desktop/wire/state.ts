import type { GiftItemDto, GiftRequestDto, PayoutDetailsDto } from "@mgm/domain/wire";
import type { EventCode } from "./event-codes.ts";

/*
 * What the bridge tells its window: one value that holds everything there is to see, sent whole whenever some of it
 * changed. The window keeps nothing of its own but what is on the screen (sort, filter, selection). Times are Unix
 * milliseconds, unless they come from the API as they are there. Nothing secret is in it.
 */

/** Everything that the window shows. */
export interface DesktopState {
  /** Grows with every state of one run of the bridge. */
  readonly revision: number;
  readonly now: number;
  /** What the bridge's clock is ahead of the API's, to compare the API's times by; 0 until the API told. */
  readonly aheadMs: number;
  readonly desktopVersion: string;
  readonly setup: SetupState;
  readonly settings: DesktopSettings;
  readonly status: StatusState;
  readonly spin: SpinState;
  readonly sync: SyncState;
  /** Active payouts, oldest first; then ended ones that need attention (`needsAttention`), which `settle_payout` ends. */
  readonly payouts: readonly PayoutRow[];
  readonly gifts: readonly GiftRow[];
  /** Newest first. */
  readonly questions: readonly QuestionCard[];
  readonly refusals: readonly RefusalRow[];
  readonly forgeries: { readonly total: number; readonly recent: readonly ForgeryRow[] };
  /** What waits for the streamer, newest first. */
  readonly alerts: readonly AlertCard[];
  /** The newest events, oldest first. */
  readonly events: readonly EventRow[];
}

/** How far the set-up has come. */
export interface SetupState {
  readonly isComplete: boolean;
  readonly hasApiKey: boolean;
  /** Where the API key is kept; `file` deserves a warning. Null while there is none. */
  readonly apiKeyStorage: "keyring" | "encrypted_file" | null;
  /** Game folders that were found on this machine. */
  readonly foundGameFolders: readonly string[];
  /** Faults of the settings file that was put aside at start; null when it was good. */
  readonly settingsPutAside: string | null;
}

/** What the streamer may choose. Validated by the bridge, kept in its data folder. */
export interface DesktopSettings {
  readonly apiUrl: string;
  readonly gameFolder: string;
  /** The log or its folder; empty: found below the game folder. */
  readonly logPath: string;
  readonly language: "ru" | "en";
  readonly theme: "system" | "light" | "dark";
  /** 5 to 600. */
  readonly pollSeconds: number;
  readonly strategy: InputStrategyName;
  /** Whether the other strategy may be used when the preferred one fails. */
  readonly mayUseOtherStrategy: boolean;
  /** 1 to 10. */
  readonly commandAttempts: number;
  readonly syncsByItself: boolean;
  readonly sounds: boolean;
  /** The game window that the streamer picked where there are several; null: the only one. */
  readonly gameWindow: string | null;
}

/** The two ways to type. On Linux only `send_input` exists. */
export type InputStrategyName = "post_message" | "send_input";

/** The status pills. */
export interface StatusState {
  readonly game: {
    readonly isFound: boolean;
    readonly processId: number | null;
    readonly windowTitle: string | null;
    /** Every window that could be the game's; more than one: the streamer picks. */
    readonly windows: readonly GameWindow[];
    /** Whether a world is shown: from READY or a later tag until BYE or the end of the process. */
    readonly isWorldShown: boolean;
    readonly character: string | null;
    readonly realm: string | null;
  };
  /** What is known of the mail: nothing says whether the mailbox is open, so the queue behind it is shown. */
  readonly mailbox: { readonly waitingMails: number; readonly lastMailAt: number | null };
  readonly api: {
    readonly state: "unknown" | "ok" | "unreachable" | "refused";
    /** A code of the API when it refuses us. */
    readonly code: string | null;
    readonly lastAnswerAt: number | null;
  };
  readonly lease: {
    readonly isActive: boolean;
    /** Whether another desktop holds the lease. */
    readonly isOtherActive: boolean;
    readonly activeSince: string | null;
  };
  readonly log: {
    readonly isPresent: boolean;
    readonly path: string | null;
    /** Measured at the last acknowledged command: from typed to read in the log. */
    readonly delayMs: number | null;
    readonly transport: string | null;
  };
  readonly addon: {
    readonly version: string | null;
    readonly isNewEnough: boolean | null;
    readonly locale: string | null;
    readonly bangSwallowed: boolean | null;
  };
  readonly commands: {
    readonly lastAcknowledgedAt: number | null;
    /** What is being typed or waits, in order. */
    readonly waiting: readonly string[];
    /** Why nothing is typed now; null when typing is allowed. */
    readonly ban: "no_game" | "no_world" | "desktop_too_old" | "not_active" | "no_hello" | "addon_too_old" | null;
  };
  /** The last answer of GET /api/version, and how our own version stands. */
  readonly update: {
    readonly code: "unknown" | "current" | "newer" | "too_old";
    readonly latest: string | null;
    readonly releaseNotesUrl: string | null;
  };
}

/** A window that could be the game's. `id` is stable while it is open. */
export interface GameWindow {
  readonly id: string;
  readonly title: string;
  readonly processId: number;
}

/** What the spins are doing. */
export interface SpinState {
  readonly nextSpinAt: number | null;
  readonly isPaused: boolean;
  readonly candidate: {
    readonly spinCycleId: string;
    readonly characterName: string;
    readonly verifyUntil: number;
    /** What the game said, as far as it was heard. */
    readonly report: "asked" | "online" | "offline" | null;
  } | null;
}

/** Whether Sync can be pressed, and why not. */
export interface SyncState {
  readonly count: number;
  readonly disabledBy: "nobody_accepted" | StatusState["commands"]["ban"];
}

/** A payout and what this desktop knows of it besides. */
export interface PayoutRow extends PayoutDetailsDto {
  readonly isWhispered: boolean;
  /** Whether this desktop is the one that holds it InProgress. */
  readonly isOurs: boolean;
  /** InProgress for more than 15 minutes. */
  readonly isSlow: boolean;
  /** Whether its gold was named to the addon. */
  readonly isInjected: boolean;
}

/** A gift request and what this desktop knows of it besides. */
export interface GiftRow extends GiftRequestDto {
  readonly step: "waiting" | "listing" | "drawing" | "describing" | "selecting" | "asking" | "mailing" | "delivered";
  /** For the short roulette in the window: names of stacks and which one was drawn; null before the draw. */
  readonly roulette: {
    readonly stacks: readonly (Pick<GiftItemDto, "id" | "count" | "bagId" | "slotId"> & {
      readonly name: string | null;
    })[];
    readonly drawnIndex: number;
    readonly drawnAt: number;
  } | null;
}

/** Something that only the streamer can tell. Answered with `answer_question`. */
export interface QuestionCard {
  /** The payout's or gift request's id. */
  readonly id: string;
  readonly about: "payout" | "gift";
  readonly reason: "sending_open" | "sending_unkeyed" | "held_by_other_desktop" | "session_not_flushed";
  readonly characterName: string | null;
  /** In gold pieces; null for a gift. */
  readonly goldAmount: number | null;
  readonly itemName: string | null;
  readonly raisedAt: number;
}

/** A fact that the API does not want. */
export interface RefusalRow {
  readonly number: number;
  readonly kind: "who" | "accepted" | "mail_sent" | "gift_item" | "gift_answer" | "gift_sent";
  /** The payout, gift request or cycle. */
  readonly id: string;
  readonly characterName: string | null;
  readonly code: string;
  readonly at: number;
}

/** A line that tried to be a tag. */
export interface ForgeryRow {
  readonly text: string;
  readonly reason: string;
  readonly at: number;
}

/** Something that the streamer should look at. `id` is for `dismiss_alert` and `retry_alert`. */
export interface AlertCard {
  readonly id: string;
  readonly code:
    | "command_failed"
    | "hands_busy"
    | "delivery_held"
    | "fact_refused"
    | "log_unreadable"
    | "log_missing"
    | "poll_failed"
    | "mail_failed"
    | "no_items_available"
    | "addon_too_old"
    | "desktop_too_old"
    | "api_key_in_file"
    | "several_windows"
    /** Nothing can be typed on this machine; `details.fault` says why. */
    | "input_unavailable";
  /** What it is about: names, codes, ids. Texts are the window's. */
  readonly details: Readonly<Record<string, string>>;
  readonly canRetry: boolean;
  readonly at: number;
  /** How often it happened since it was last dismissed. */
  readonly count: number;
}

/** One line of the event log. `code` and `details` become a sentence in the window's language. */
export interface EventRow {
  readonly number: number;
  readonly at: number;
  readonly level: "info" | "good" | "bad" | "forged";
  readonly code: EventCode;
  readonly details: Readonly<Record<string, string>>;
}
