/** Why a server refuses a mail; the names are those of the client's texts. */
export type MailError =
  | "ERR_MAIL_TARGET_NOT_FOUND"
  | "ERR_MAIL_TO_SELF"
  | "ERR_MAIL_REACHED_CAP"
  | "ERR_MAIL_DATABASE_ERROR"
  | "ERR_MAIL_INVALID_ATTACHMENT"
  | "ERR_MAIL_BOUND_ITEM"
  | "ERR_NOT_ENOUGH_MONEY"
  | "ERR_PLAYER_WRONG_FACTION"
  | "ERR_MAIL_WRAPPED_COD";

/** Postage per attachment, at least one, in copper. */
export const POSTAGE_COPPER = 30;
/** Attachments of one mail. */
export const MAX_ATTACHMENTS = 12;
/** The most copper that a character can hold. */
export const MAX_COPPER = 2_147_483_647;

/** What a mail with so many attachments costs. */
export function postage(attachments: number): number {
  return POSTAGE_COPPER * Math.max(1, attachments);
}
