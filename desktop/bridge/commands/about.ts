/*
 * What commands are about, as texts: the queue knows two requests for one thing by them, and the store keeps under them
 * what became of a command.
 */

/** Naming gold, so many payouts in one line. */
export function aboutGold(payoutIds: readonly string[]): string {
  return `gold:${payoutIds.join(",")}`;
}

/** Listing the bags for a gift request; each round is another command. */
export function aboutGiftBags(giftRequestId: string, round: number): string {
  return `gift_bags:${giftRequestId}:${round}`;
}

/** Describing the stack that was drawn in a round. */
export function aboutGiftItem(giftRequestId: string, round: number): string {
  return `gift_item:${giftRequestId}:${round}`;
}

/** Asking a viewer whether they want their gift. */
export function aboutGiftQuestion(giftRequestId: string): string {
  return `gift_question:${giftRequestId}`;
}

/** Whether a command serves a gift request. */
export function isAboutGift(about: string): boolean {
  return about.startsWith("gift_");
}

/** Naming the mail of a gift. */
export function aboutGiftMail(giftRequestId: string): string {
  return `gift_mail:${giftRequestId}`;
}

/** Taking a row out of the addon's queue. */
export function aboutWithdrawal(id: string): string {
  return `withdraw:${id}`;
}

/** Whispering a winner. */
export function aboutWhisper(payoutId: string): string {
  return `whisper:${payoutId}`;
}

/** The payouts or the gift request whose mail a command names; none for commands that name no mail. */
export function mailIdsOf(about: string): readonly string[] {
  const [, ids] = /^(?:gold|gift_mail):(.+)$/.exec(about) ?? [];
  return ids === undefined ? [] : ids.split(",");
}
