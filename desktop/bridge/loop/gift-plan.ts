import type { BagStack } from "@mgm/domain/chat-line/payload";
import type { GiftItem } from "@mgm/domain/gift-item";
import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import type { GiftDraw } from "./gift-draw.ts";

/*
 * What a gift request asks of this desktop. Looked at anew after every poll, as the payouts are; what must not be forgotten
 * in between, the bags as they were listed and the stack that was drawn, is in the store.
 *
 *   SelectingItem        no bags known ──► list them            MGM_RequestGiftItems ──► [MGM_ITEMS]
 *                        bags known ──► draw                    stored before anything is done about it
 *                        nothing free in them ──► fail          no_items_available, alert
 *                        drawn ──► have it described            MGM_DescribeGiftItem ──► [MGM_ITEM] ──► select-item
 *                           │                                                       └──► [MGM_FAILED]: listed anew
 *   WaitingConfirmation  selected here, not answered ──► ask    MGM_RequestGiftConfirmation, again after a hello
 *   Completed            selected here, not mailed ──► mail     MGM_SendGift, again after a hello
 *
 * What the game answered is told to the API by the delivery, not from here. Mail that may be on its way is left alone, and
 * nothing is named while something waits to leave the addon's queue. A stack that a viewer agreed to lies in the bags until
 * somebody mails it, while the queue goes on: it is promised, and no other request draws it. What is injected and no longer Completed, or not
 * ours, is withdrawn with the gold that is not ours: see the payouts' plan.
 */

/** What is to be done for one request. */
export type GiftStep =
  | { readonly kind: "list"; readonly round: number }
  | { readonly kind: "draw"; readonly stacks: readonly BagStack[] }
  | { readonly kind: "fail" }
  | { readonly kind: "describe"; readonly round: number; readonly stack: BagStack }
  | { readonly kind: "ask"; readonly stack: BagStack }
  | { readonly kind: "mail"; readonly stack: BagStack };

/** What the plan looks at besides the request. */
export interface GiftFacts {
  readonly desktopId: string;
  /** The bags as they were listed for it, and what was drawn; undefined before it was first looked at. */
  readonly draw: GiftDraw | undefined;
  /** Whether the viewer's answer was heard, be the API told already or not. */
  readonly isAnswered: boolean;
  /** Whether its mail left, or nobody knows what became of it. */
  readonly isMailUnclear: boolean;
  /** Whether something of ours waits to leave the addon's queue. */
  readonly isWithdrawing: boolean;
  /** Stacks that are promised to others. */
  readonly promised: readonly BagStack[];
}

/** The next step of a request; null when others are to act, or nobody. */
export function planGift(gift: GiftRequestDetailsDto, facts: GiftFacts): GiftStep | null {
  switch (gift.state) {
    case "SelectingItem":
      return planSelection(facts);
    case "WaitingConfirmation": {
      const stack = selectedHere(gift, facts);
      return stack === null || facts.isAnswered ? null : { kind: "ask", stack };
    }
    case "Completed": {
      const stack = selectedHere(gift, facts);
      if (stack === null || gift.deliveredAt !== null || facts.isMailUnclear || facts.isWithdrawing) return null;
      return { kind: "mail", stack };
    }
    case "Pending":
    case "Failed":
      return null;
    default:
      return gift.state satisfies never;
  }
}

/** Whether this desktop owes the request's mail: what is in the addon's queue otherwise has to leave it. */
export function isOwedGift(gift: GiftRequestDetailsDto, desktopId: string): boolean {
  return gift.state === "Completed" && gift.selectedBy === desktopId && gift.deliveredAt === null;
}

/** The stacks that viewers agreed to and that were not mailed, whichever desktop owes them: it may look into the same bags. */
export function promisedStacks(gifts: readonly GiftRequestDetailsDto[]): BagStack[] {
  return gifts.flatMap(({ state, selectedItem, deliveredAt }) =>
    state === "Completed" && selectedItem !== null && deliveredAt === null ? [stackOf(selectedItem)] : [],
  );
}

function planSelection({ draw, promised }: GiftFacts): GiftStep | null {
  const { round = 1, stacks = null, drawnIndex = null, isDescribed = false } = draw ?? {};
  if (isDescribed) return null;
  if (stacks === null) return { kind: "list", round };
  const stack = drawnIndex === null ? undefined : stacks[drawnIndex];
  if (stack !== undefined) return { kind: "describe", round, stack };
  // Whatever its count is by now: the mail that is owed needs all of it.
  const offered = stacks.filter((one) => !promised.some((other) => isSamePlaceAndItem(one, other)));
  return offered.length === 0 ? { kind: "fail" } : { kind: "draw", stacks: offered };
}

function isSamePlaceAndItem(one: BagStack, other: BagStack): boolean {
  return one.bag === other.bag && one.slot === other.slot && one.itemId === other.itemId;
}

/** The selected stack where the addon finds it; null when another desktop selected it, which alone mails it. */
function selectedHere({ selectedItem, selectedBy }: GiftRequestDetailsDto, { desktopId }: GiftFacts): BagStack | null {
  return selectedItem === null || selectedBy !== desktopId ? null : stackOf(selectedItem);
}

function stackOf({ bagId: bag, slotId: slot, id: itemId, count }: GiftItem): BagStack {
  return { bag, slot, itemId, count };
}
