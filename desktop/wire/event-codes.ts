/*
 * What the event log tells, and the details that go with it. The window has a sentence for each in its language.
 */

/** Codes of events; behind each, the names of its details. */
export const EVENT_DETAILS = {
  bridge_started: [],
  /** The settings do not hold what the bridge needs. */
  bridge_idle: [],
  settings_saved: ["names"],
  settings_put_aside: ["faults"],
  api_key_saved: ["storage"],
  api_lost: ["code"],
  api_back: [],
  lease_gained: [],
  lease_lost: [],
  log_lost: ["path"],
  log_found: ["path"],
  world_entered: [],
  world_left: [],
  hello_answered: ["character", "realm", "addonVersion"],
  candidate_drawn: ["characterName"],
  candidate_online: ["characterName"],
  candidate_offline: ["characterName"],
  payout_seen: ["characterName", "id"],
  winner_whispered: ["characterName", "id"],
  winner_accepted: ["characterName", "id"],
  payout_in_progress: ["characterName", "id"],
  gold_named: ["characterName", "id"],
  payout_withdrawn: ["characterName", "id"],
  mail_sending: ["characterName", "id"],
  mail_sent: ["characterName", "id"],
  mail_failed: ["characterName", "id"],
  payout_over: ["characterName", "id"],
  payout_changed: ["characterName", "id", "change"],
  payout_settled: ["characterName", "id"],
  gift_failed: ["id"],
  question_raised: ["characterName", "id", "reason"],
  question_answered: ["characterName", "id", "answer"],
  fact_refused: ["number", "code"],
  command_failed: ["about", "fault"],
  forged_lines: ["count"],
} as const;

/** What happened. */
export type EventCode = keyof typeof EVENT_DETAILS;
