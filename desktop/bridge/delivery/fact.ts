import type { DescribedItem, WhoReport } from "@mgm/domain/chat-line/payload";
import type { Tag } from "@mgm/domain/chat-line/tag";

/* What the game said and the API must hear. */

/** Something that happened. */
export type FactContent =
  | { readonly kind: "who"; readonly report: WhoReport }
  | { readonly kind: "accepted"; readonly payoutId: string }
  | { readonly kind: "mail_sent"; readonly payoutId: string; readonly byHand: boolean }
  | { readonly kind: "gift_item"; readonly giftRequestId: string; readonly item: DescribedItem }
  | { readonly kind: "gift_answer"; readonly giftRequestId: string; readonly confirmed: boolean }
  | { readonly kind: "gift_sent"; readonly giftRequestId: string };

/** A fact on its way. */
export interface Fact {
  /** Facts of one payout, gift request or cycle are told in the order of their numbers. */
  readonly number: number;
  readonly content: FactContent;
  /** Unix milliseconds. */
  readonly addedAt: number;
}

/** A fact that the API does not want, with the reason. It may be sent again by hand. */
export interface RefusedFact {
  readonly fact: Fact;
  /** A code of the API, or `too_late`: a /who report whose cycle has been decided without it. */
  readonly code: string;
  readonly at: number;
}

/** What must be told in order: one payout, one gift request, one cycle. */
export function laneOf(content: FactContent): string {
  switch (content.kind) {
    case "who":
      return `cycle:${content.report.spinCycleId}`;
    case "accepted":
    case "mail_sent":
      return `payout:${content.payoutId}`;
    case "gift_item":
    case "gift_answer":
    case "gift_sent":
      return `gift:${content.giftRequestId}`;
    default:
      return content satisfies never;
  }
}

/** Equal for facts that say the same: the addon repeats itself after every hello. */
export function sameness(content: FactContent): string {
  switch (content.kind) {
    case "who":
      return `${laneOf(content)}:${content.report.characterName}:${content.report.online}`;
    case "gift_item":
      return `${laneOf(content)}:item:${JSON.stringify(content.item)}`;
    case "gift_answer":
      return `${laneOf(content)}:${content.confirmed ? "yes" : "no"}`;
    case "mail_sent":
      return `${laneOf(content)}:mail_sent${content.byHand ? ":by_hand" : ""}`;
    default:
      return `${laneOf(content)}:${content.kind}`;
  }
}

/** The fact that a tag states; null for tags that state none. */
export function factOf(tag: Tag): FactContent | null {
  switch (tag.name) {
    case "WHO":
      return { kind: "who", report: tag.report };
    case "ACCEPT":
      return { kind: "accepted", payoutId: tag.id };
    case "CONFIRM":
      return { kind: "mail_sent", payoutId: tag.id, byHand: false };
    case "ITEM":
      return { kind: "gift_item", giftRequestId: tag.id, item: tag.item };
    case "GIFT_ACCEPT":
      return { kind: "gift_answer", giftRequestId: tag.id, confirmed: true };
    case "GIFT_DECLINE":
      return { kind: "gift_answer", giftRequestId: tag.id, confirmed: false };
    case "GIFT_SENT":
      return { kind: "gift_sent", giftRequestId: tag.id };
    case "ITEMS":
    case "SENDING":
    case "FAILED":
    case "ACK":
    case "READY":
    case "BYE":
    case "UPDATE_CHECK":
      return null;
    default:
      return tag satisfies never;
  }
}
