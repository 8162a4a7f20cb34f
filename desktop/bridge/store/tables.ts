import type { EventRow } from "../../wire/state.ts";
import type { CommandRecord } from "../commands/command-record.ts";
import type { Fact, RefusedFact } from "../delivery/fact.ts";
import type { LogPosition } from "../log/log-position.ts";
import type { GiftDraw } from "../loop/gift-draw.ts";
import type { Injected } from "../mail/injected.ts";
import type { OpenSending, Question } from "../mail/mail-ledger.ts";
import type { ForgeryList } from "../trust/forgeries.ts";
import type { TrustState } from "../trust/trust.ts";

/** The bridge's tables and what their records hold. Times are Unix milliseconds. */
export interface Tables {
  /** Which desktop this is. One record. */
  readonly identity: { readonly desktopId: string };
  /** How far the log was acted on. One record. */
  readonly position: LogPosition;
  /** Keys and nonces. One record. */
  readonly trust: TrustState;
  /** One record. */
  readonly forgeries: ForgeryList;
  /** The last command number and the last fact number. One record. */
  readonly counter: { readonly command: number; readonly fact: number };
  /** Facts that the API has not heard yet, by number. */
  readonly fact: Fact;
  /** When the API heard a fact, by its sameness. */
  readonly told: { readonly at: number };
  /** Facts that the API does not want, by number. */
  readonly refusal: RefusedFact;
  /** Commands by what they are about. */
  readonly command: CommandRecord;
  /** Mail that the addon was told to send and may still have in its queue, by payout or gift request. */
  readonly injected: Injected;
  /** What must be known of a payout when only its id is in the log, by id. */
  readonly payout: { readonly characterName: string; readonly at: number };
  /** Bags and draw of a gift request, by id. */
  readonly gift: GiftDraw;
  /** Until when a /who report counts, by cycle. */
  readonly cycle: { readonly verifyUntil: number };
  /** Mails of which nobody knows yet whether they left, by payout or gift request. */
  readonly sending: OpenSending;
  /** What only the streamer can tell, by payout or gift request. */
  readonly question: Question;
  /** The newest events, for people, by number. */
  readonly event: EventRow;
  /** Mails that did not leave, by payout or gift request; forgotten when they are tried again. */
  readonly failure: { readonly at: number };
  /** When the last mail left, by the game's clock. One record. */
  readonly mailbox: { readonly lastMailAt: number };
  /** Until when the game showed a world. One record. */
  readonly world: { readonly isShown: boolean; readonly at: number };
}
