/*
 * What commands are about, as texts: the queue knows two requests for one thing by them, and the store keeps under them
 * what became of a command.
 */

/** Naming gold, so many payouts in one line. */
export function aboutGold(payoutIds: readonly string[]): string {
  return `gold:${payoutIds.join(",")}`;
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
