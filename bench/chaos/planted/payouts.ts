import type { LedgerEntry } from "../ledger.ts";
import { COPY_PAYOUT, change, isMail, NEW_UUID, type PlantedFault, SENT, SENT_CYCLE } from "./plant.ts";

/** Somebody who got gold was of another kind than the realm says. */
function withWinner(
  entries: readonly LedgerEntry[],
  changed: { readonly isSilent?: boolean; readonly isOffline?: boolean },
): LedgerEntry[] {
  const mail = entries.find(isMail);
  return change(
    entries,
    (entry) => entry.kind === "person" && mail?.kind === "mailed" && entry.name === mail.to,
    (entry) => ({ ...entry, ...changed }) as LedgerEntry,
  );
}

/** What the window shows when the run is over. */
const ASKED = { kind: "window", questions: ["made-up"], waitingMails: 0, refusals: [] } as const;

/** Faults of payouts and cycles, and of what people of the realm did. */
export const PAYOUT_FAULTS: readonly PlantedFault[] = [
  {
    finds: "payout_stuck",
    what: "a payout that stays InProgress",
    sql: [`update payouts set status = 'InProgress', expires_at = now() + interval '1 day' where payout_id = ${SENT}`],
  },
  {
    finds: "payout_stuck",
    what: "a payout past its expiry",
    sql: [
      `update payouts set status = 'Pending', accepted_at = null, expires_at = now() - interval '1 hour' where payout_id = ${SENT}`,
    ],
  },
  {
    finds: "payout_forgotten",
    what: "a payout that was agreed upon and expired",
    sql: [`update payouts set status = 'Expired', mail_confirmed_at = null where payout_id = ${SENT}`],
  },
  {
    finds: "payout_forgotten",
    what: "a payout whose winner answers and was never asked",
    sql: [
      `update payouts set status = 'Expired', mail_confirmed_at = null, accepted_at = null where payout_id = ${SENT}`,
    ],
  },
  {
    finds: "payout_forgotten",
    what: "a payout that failed by itself",
    sql: [`update payouts set status = 'Failed', mail_confirmed_at = null where payout_id = ${SENT}`],
  },
  {
    finds: "question_unanswered",
    what: "a question that is asked for ever",
    ledger: (entries) => [...entries, ASKED],
  },
  {
    finds: "payout_stuck",
    what: "payouts in the middle of their mail that the streamer is asked about for ever",
    tables: (tables) => ({
      ...tables,
      payouts: tables.payouts.map((payout) =>
        payout.status === "Sent" ? { ...payout, status: "InProgress" } : payout,
      ),
    }),
    ledger: (entries) => {
      const questions = entries.flatMap((entry) => (entry.kind === "named" ? [entry.id] : []));
      return [...entries, { ...ASKED, questions }];
    },
  },
  {
    finds: "illegal_step",
    what: "a story that goes from Sent on",
    sql: [
      `insert into payout_events select payout_id, event_number + 1, broadcaster_id, 'status', 'Pending', 'desktop', null, null, at
         from payout_events where payout_id = ${SENT} order by event_number desc limit 1`,
    ],
  },
  {
    finds: "illegal_step",
    what: "a payout that a desktop let expire",
    sql: [
      `update payout_events set status = 'Expired' where payout_id = ${SENT} and event = 'status' and status = 'Sent'`,
    ],
  },
  {
    finds: "story_has_gap",
    what: "an event that is missing",
    sql: [`delete from payout_events where payout_id = ${SENT} and event_number = 2`],
  },
  {
    finds: "story_ends_wrong",
    what: "a status that no event tells of",
    sql: [`update payouts set status = 'Failed' where payout_id = ${SENT}`],
  },
  {
    finds: "sent_unconfirmed",
    what: "a Sent without a confirmation",
    sql: [`update payouts set mail_confirmed_at = null where payout_id = ${SENT}`],
  },
  {
    finds: "acceptance_miscounted",
    what: "a consent that is not in the row",
    sql: [`update payouts set accepted_at = null where payout_id = ${SENT}`],
  },
  {
    finds: "wrong_amount",
    what: "a copper more",
    sql: [`update payouts set copper = copper + 1 where payout_id = ${SENT}`],
  },
  {
    finds: "wrong_expiry",
    what: "another time to live",
    sql: [`update payouts set expires_at = expires_at + interval '1 second' where payout_id = ${SENT}`],
  },
  {
    finds: "payout_unearned",
    what: "a payout to somebody who was not drawn",
    sql: [`update payouts set twitch_user_id = 'friend' where payout_id = ${SENT}`],
  },
  {
    finds: "attention_unsettled",
    what: "a payout that nobody has looked at",
    sql: [`update payouts set attention = 'open' where payout_id = ${SENT}`],
  },
  {
    finds: "two_winners",
    what: "a second winner of one cycle",
    sql: ["drop index payouts_one_per_cycle", COPY_PAYOUT],
  },
  {
    finds: "winner_and_outcome_differ",
    what: "a cycle that forgot its winner",
    sql: [`update spin_cycles set outcome = 'offline', reported_online = false where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "payout_lost",
    what: "a cycle whose payout is not there",
    sql: [`update spin_cycles set payout_id = ${NEW_UUID} where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "cycle_stuck",
    what: "a cycle without an end",
    sql: [`update spin_cycles set outcome = null where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "two_active_payouts",
    what: "two active payouts of one viewer",
    sql: [
      "drop index payouts_one_per_cycle, payouts_one_active_per_viewer",
      COPY_PAYOUT,
      `update payouts set status = 'Pending' where twitch_user_id = (select twitch_user_id from payouts where payout_id = ${SENT})`,
    ],
  },
  {
    finds: "cap_exceeded",
    what: "an eleventh payout",
    sql: ["drop index payouts_one_per_cycle", ...Array.from({ length: 10 }, () => COPY_PAYOUT)],
  },
  {
    finds: "winner_was_offline",
    what: "a winner who was not there",
    ledger: (entries) => withWinner(entries, { isOffline: true }),
  },
  {
    finds: "consent_forged",
    what: "a consent that nobody gave",
    ledger: (entries) => withWinner(entries, { isSilent: true }),
  },
  {
    finds: "story_begins_wrong",
    what: "a story without its beginning",
    sql: [`delete from payout_events where payout_id = ${SENT} and event_number = 1`],
  },
  {
    finds: "expired_early",
    what: "a payout that expired before its time",
    sql: [
      `update payout_events set status = 'Expired', cause = 'server'
         where payout_id = ${SENT} and event = 'status' and status = 'Sent'`,
    ],
  },
  {
    finds: "confirmation_miscounted",
    what: "a confirmation that no event tells of",
    sql: [`delete from payout_events where payout_id = ${SENT} and event = 'mail_confirmed'`],
  },
  {
    finds: "outcome_unreported",
    what: "a candidate whom nobody reported offline",
    sql: [`update spin_cycles set outcome = 'offline', reported_online = null where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "candidate_and_outcome_differ",
    what: "a cycle that nobody was drawn in and somebody won",
    sql: [`update spin_cycles set candidate_name = null where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "two_cycles_at_once",
    what: "two cycles of one boundary",
    sql: [
      "drop index spin_cycles_one_per_boundary",
      "update spin_cycles set boundary_at = (select min(boundary_at) from spin_cycles)",
    ],
  },
];
