import type { PayoutDetailsDto } from "@mgm/domain/wire";

/*
 * What the active payouts ask of this desktop. Looked at anew after every poll: the plan follows from what the API says,
 * what the addon acknowledged and what is not known, never from what was planned before.
 *
 *   no whisper acknowledged ──► whisper           (again after a hello, while the winner has not answered)
 *   accepted, whispered, Pending ──► may be synced (the streamer's button, or automatically) ──► InProgress
 *   InProgress, ours, whispered ──► name its gold, once per hello
 *   InProgress, another desktop's ──► a question: what it injected may be in its queue or mailed
 *   injected into a session that ended with its log unwritten ──► a question, once the addon had time to repeat itself
 *   injected, not ours any more, not mailed ──► withdraw, and nothing is named before that is acknowledged
 *
 * A mail that may be on its way (an open SENDING, a question, a doubt) is left alone until it is known what became of it;
 * one that has left, by the game's word or the streamer's, is done, however long it takes until the API hears of it.
 */

/** What the plan looks at besides the payouts. */
export interface PlanFacts {
  readonly desktopId: string;
  /** Payouts whose whisper the addon acknowledged. */
  readonly isWhispered: (payoutId: string) => boolean;
  /** Whether it was asked for since the last hello. */
  readonly isWhisperRepeated: (payoutId: string) => boolean;
  readonly isNamed: (payoutId: string) => boolean;
  /** Whether nobody knows what became of its mail. */
  readonly isUncertain: (payoutId: string) => boolean;
  /** Whether game or streamer said that its mail left, be the API told already or not. */
  readonly isMailed: (payoutId: string) => boolean;
  /** Whether it was injected into a session that ended and of which the log may lack the end. */
  readonly isInDoubt: (payoutId: string) => boolean;
  /** Whether the addon has had time, since the last hello, to repeat what it knows. */
  readonly hasRepeated: boolean;
  /** Payouts and gift requests that the addon may have in its queue because of us. */
  readonly injected: readonly string[];
  /**
   * Whether it is a gift whose mail this desktop owes, as far as is known. Gifts are planned elsewhere, save what has to
   * leave the addon's queue and what the streamer's word and doubt ask for.
   */
  readonly isOwedGift: (id: string) => boolean;
  /** Whether it must leave that queue even if it is ours: the streamer said what became of its mail. */
  readonly isRecalled: (payoutId: string) => boolean;
}

/** What is to be done. */
export interface PayoutPlan {
  readonly whisper: readonly PayoutDetailsDto[];
  readonly syncable: readonly PayoutDetailsDto[];
  readonly name: readonly PayoutDetailsDto[];
  readonly withdraw: readonly string[];
  /** Injected once, mailed since: nothing is left to withdraw. */
  readonly done: readonly string[];
  /** Another desktop's: whether it mailed them only the streamer can tell. */
  readonly foreign: readonly string[];
  /** Ours once: whether they were mailed before the game died only the streamer can tell. */
  readonly unflushed: readonly string[];
}

/** Plans for the active payouts, oldest first. */
export function planPayouts(payouts: readonly PayoutDetailsDto[], facts: PlanFacts): PayoutPlan {
  const isOurs = (payout: PayoutDetailsDto) => payout.status === "InProgress" && payout.heldBy === facts.desktopId;
  const ours = new Set(payouts.filter(isOurs).map(({ id }) => id));
  const strays = facts.injected.filter((id) => facts.isRecalled(id) || !(facts.isOwedGift(id) || ours.has(id)));
  const isDone = (id: string) => facts.isMailed(id) && !facts.isRecalled(id);
  const withdraw = strays.filter((id) => !isDone(id));
  const isKnown = (id: string) => !facts.isUncertain(id) && !facts.isMailed(id);
  const isUnsent = (id: string) => isKnown(id) && !facts.isInDoubt(id);
  return {
    whisper: payouts.filter((payout) => !facts.isMailed(payout.id) && isWhisperWanted(payout, facts)),
    syncable: payouts.filter(
      (payout) =>
        payout.status === "Pending" &&
        payout.winnerAcceptedWillingToReceiveAt !== null &&
        facts.isWhispered(payout.id) &&
        isUnsent(payout.id),
    ),
    name:
      withdraw.length > 0
        ? []
        : payouts.filter(
            (payout) =>
              isOurs(payout) && facts.isWhispered(payout.id) && !facts.isNamed(payout.id) && isUnsent(payout.id),
          ),
    withdraw,
    done: strays.filter(isDone),
    foreign: payouts
      .filter((payout) => payout.status === "InProgress" && !isOurs(payout) && isKnown(payout.id))
      .map(({ id }) => id),
    unflushed: facts.hasRepeated ? facts.injected.filter((id) => facts.isInDoubt(id) && isKnown(id)) : [],
  };
}

function isWhisperWanted(payout: PayoutDetailsDto, facts: PlanFacts): boolean {
  if (facts.isWhisperRepeated(payout.id)) return false;
  return !facts.isWhispered(payout.id) || payout.winnerAcceptedWillingToReceiveAt === null;
}
