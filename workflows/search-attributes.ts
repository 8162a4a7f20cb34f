import { defineSearchAttributeKey } from "@temporalio/common";

/* What operators can filter by. A server that does not know one of them would spin on every workflow that sets it. */

/** Payout status or spin outcome, as written in the contract's words. */
export const STATUS = defineSearchAttributeKey("MgmStatus", "KEYWORD");
/** Canonical character name. */
export const CHARACTER = defineSearchAttributeKey("MgmCharacter", "KEYWORD");
/** Twitch user id of the winner or candidate. */
export const TWITCH_USER = defineSearchAttributeKey("MgmTwitchUser", "KEYWORD");
/** Broadcaster id. */
export const BROADCASTER = defineSearchAttributeKey("MgmBroadcaster", "KEYWORD");
/** Gold pieces at stake. */
export const GOLD = defineSearchAttributeKey("MgmGold", "INT");
/** Somebody must look at it. */
export const NEEDS_ATTENTION = defineSearchAttributeKey("MgmNeedsAttention", "BOOL");
/** The boundary's nominal time; set by the schedule itself. */
export const SCHEDULED_START = defineSearchAttributeKey("TemporalScheduledStartTime", "DATETIME");

/** Names and types to register with a server before any worker starts. */
export const SEARCH_ATTRIBUTES = {
  [STATUS.name]: "Keyword",
  [CHARACTER.name]: "Keyword",
  [TWITCH_USER.name]: "Keyword",
  [BROADCASTER.name]: "Keyword",
  [GOLD.name]: "Int",
  [NEEDS_ATTENTION.name]: "Bool",
} as const;
