import { REFUSAL_STATUS, type Refusal, type RefusalCode } from "@mgm/domain/refusal";

/** A refusal on its way out of a handler; the translator turns it into the answer. */
export class ApiError extends Error {
  readonly code: RefusalCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: RefusalCode, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(code, { cause });
    this.name = "ApiError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return REFUSAL_STATUS[this.code];
  }
}

/** Throws a refusal; returns what is none. */
export function expectOk<Result extends { readonly ok: true }>(result: Result | Refusal): Result {
  if (result.ok) return result;
  throw new ApiError(result.code, result.details ?? {});
}

/** What happened, in words for people; clients decide by the code. */
export const MESSAGES: Readonly<Record<RefusalCode, string>> = {
  duplicate_enrollment: "This enrolment id was used for another viewer or another name.",
  active_payout_exists: "A payout for this viewer is still under way.",
  lifetime_cap_reached: "This viewer has received all the gold that one viewer may receive.",
  not_enrolled: "This viewer is not in the pool.",
  invalid_character_name: "This is not a character name that the game would accept.",
  invalid_payload: "The request is not formed as it should be.",
  unauthorized: "The request carries no valid token for this channel.",
  forbidden: "The token does not allow this.",
  forbidden_apikey: "The desktop key is missing or wrong.",
  not_subscriber: "Only subscribers of the channel may do this.",
  terminal_status_change_not_allowed: "The payout has ended; its status cannot change any more.",
  status_change_not_allowed: "The payout cannot go from its status to this one.",
  not_found: "There is no such thing here.",
  pool_empty: "This cycle has no candidate.",
  character_name_taken_in_pool: "Another viewer is in the pool with this character name.",
  character_name_mismatch: "This is not the name that was drawn.",
  out_of_sequence: "The report is for an unknown cycle, came too late, or contradicts an earlier one.",
  gift_already_used: "This viewer has received a gift already.",
  gift_request_active: "This viewer's gift request is still open.",
  invalid_state: "This cannot be done in the present state.",
  desktop_not_active: "Another desktop is the active one.",
  held_by_other_desktop: "Another desktop holds this payout.",
  rate_limited: "Too many requests; try again later.",
  payload_too_large: "The body is larger than 64 KiB.",
  unsupported_media_type: "The body must be JSON.",
  method_not_allowed: "This address does not know this method.",
  temporarily_unavailable: "A part of the service is not reachable; nothing is lost, try again.",
  internal: "Something went wrong on our side.",
};
