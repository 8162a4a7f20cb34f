/** Every code that a caller may see, with the HTTP status that carries it. Clients decide by code. */
export const REFUSAL_STATUS = {
  duplicate_enrollment: 409,
  active_payout_exists: 409,
  lifetime_cap_reached: 409,
  not_enrolled: 409,
  invalid_character_name: 400,
  invalid_payload: 400,
  unauthorized: 401,
  forbidden: 403,
  forbidden_apikey: 403,
  not_subscriber: 403,
  terminal_status_change_not_allowed: 409,
  status_change_not_allowed: 409,
  not_found: 404,
  pool_empty: 409,
  character_name_taken_in_pool: 409,
  character_name_mismatch: 400,
  out_of_sequence: 400,
  gift_already_used: 409,
  gift_request_active: 409,
  invalid_state: 409,
  desktop_not_active: 409,
  held_by_other_desktop: 409,
  rate_limited: 429,
  payload_too_large: 413,
  unsupported_media_type: 415,
  method_not_allowed: 405,
  temporarily_unavailable: 503,
  internal: 500,
} as const;

/** A stable word that says why something was refused. */
export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** A refusal is a value: rules return it, the edges translate it. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Builds a refusal. */
export function refuse(code: RefusalCode, details?: Readonly<Record<string, unknown>>): Refusal {
  return details === undefined ? { ok: false, code } : { ok: false, code, details };
}

/** Whether a word that arrived from elsewhere is one of our codes. */
export function isRefusalCode(word: unknown): word is RefusalCode {
  return typeof word === "string" && Object.hasOwn(REFUSAL_STATUS, word);
}
