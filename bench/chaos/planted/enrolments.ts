import type { LedgerEntry } from "../ledger.ts";
import { change, HELD, isTaken, type PlantedFault } from "./plant.ts";

const CLAIMED = "(select min(enrollment_request_id) from claims)";

/** Faults of commands, claims and pool. */
export const ENROLMENT_FAULTS: readonly PlantedFault[] = [
  {
    finds: "enrolment_lost",
    what: "an entry of the pool is gone",
    sql: [`delete from pool_entries where twitch_user_id = ${HELD}`],
  },
  {
    finds: "command_lost",
    what: "a command that was taken is not kept",
    sql: ["delete from command_messages where result = 'character_name_taken_in_pool' or result = 'enrolled'"],
  },
  {
    finds: "command_unsaid",
    what: "a command that nobody gave",
    sql: [
      "update command_messages set message_id = 'made-up' where message_id = (select min(message_id) from command_messages)",
    ],
  },
  {
    finds: "command_altered",
    what: "a command under another viewer's name",
    sql: [
      "update command_messages set twitch_user_id = '1' where message_id = (select min(message_id) from command_messages)",
    ],
  },
  {
    finds: "command_misjudged",
    what: "a stranger who was enrolled",
    sql: ["update command_messages set result = 'enrolled' where result = 'not_subscriber'"],
  },
  {
    finds: "command_forged",
    what: "a command with a bad signature that was kept",
    ledger: (entries) =>
      change(
        entries,
        (entry) =>
          entry.kind === "command" &&
          entries.some((one) => isTaken(one) && "messageId" in one && one.messageId === entry.messageId),
        (entry) => ({ ...entry, isSigned: false }) as LedgerEntry,
      ),
  },
  {
    finds: "claim_lost",
    what: "a claim that was answered and is not kept",
    ledger: (entries) => [...entries, { kind: "claim_answered", requestId: "gone", status: 201, code: null, at: 0 }],
  },
  {
    finds: "entry_unearned",
    what: "an entry with another name than asked for",
    sql: [`update pool_entries set character_name = 'Intruder' where twitch_user_id = ${HELD}`],
  },
  {
    finds: "entry_outdated",
    what: "an older entry that came back",
    sql: [
      `insert into command_messages
         select broadcaster_id, 'newer', twitch_user_id, 'twgold', 'enrolled', commanded_at + interval '1 hour', now()
           from pool_entries where twitch_user_id = ${HELD}`,
    ],
  },
  {
    finds: "entry_outlived",
    what: "an entry that outlived its viewer's leaving",
    sql: [
      `insert into pool_exits select broadcaster_id, twitch_user_id, commanded_at + interval '1 minute'
         from pool_entries where twitch_user_id = ${HELD}
       on conflict (broadcaster_id, twitch_user_id) do update set left_at = excluded.left_at`,
    ],
  },
  {
    finds: "name_held_twice",
    what: "two holders of one name",
    sql: [
      "drop index pool_entries_one_holder_per_name",
      `update pool_entries set character_name = (select character_name from pool_entries where twitch_user_id = ${HELD})`,
    ],
  },
  {
    finds: "claim_unsaid",
    what: "a claim that nobody made",
    sql: [`update claims set enrollment_request_id = 'made-up' where enrollment_request_id = ${CLAIMED}`],
  },
  {
    finds: "claim_altered",
    what: "a claim with another name than made",
    sql: [`update claims set character_name = 'Intruder' where enrollment_request_id = ${CLAIMED}`],
  },
  {
    finds: "claim_misjudged",
    what: "a stranger who was enrolled by a claim",
    ledger: (entries) => entries.map((entry) => (entry.kind === "claim" ? { ...entry, isSubscriber: false } : entry)),
  },
  {
    finds: "claim_misjudged",
    what: "a subscriber whose claim was refused",
    ledger: (entries) =>
      entries.map((entry) => (entry.kind === "claim_answered" ? { ...entry, code: "not_subscriber" } : entry)),
  },
];
