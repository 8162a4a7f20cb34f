import type { Execution } from "./checker/evidence.ts";
import type { LedgerEntry } from "./ledger.ts";

/*
 * One fault of each kind, to be planted into what a good run has left: the checker must find it. SQL runs inside a
 * transaction that is rolled back; where an index or a check would refuse the fault, it is dropped first, in there.
 */

/** A fault and what the checker has to call it. */
export interface PlantedFault {
  readonly finds: string;
  readonly what: string;
  readonly sql?: readonly string[];
  readonly ledger?: (entries: readonly LedgerEntry[]) => readonly LedgerEntry[];
  readonly executions?: (executions: readonly Execution[]) => readonly Execution[];
}

const SENT = "(select payout_id from payouts where status = 'Sent' order by created_at limit 1)";
const SENT_CYCLE = "(select spin_cycle_id from payouts where status = 'Sent' order by created_at limit 1)";
const GIVEN = "(select gift_request_id from gift_requests where delivered_at is not null order by arrival limit 1)";
const HELD = "(select min(twitch_user_id) from pool_entries)";
const NEW_UUID = "gen_random_uuid()";
/** Columns of a copy of a payout under another id. */
const COPY_PAYOUT = `insert into payouts select (jsonb_populate_record(p, jsonb_build_object('payout_id', ${NEW_UUID}))).*
  from payouts p where payout_id = ${SENT}`;

const isMail = (entry: LedgerEntry): boolean => entry.kind === "mailed" && entry.copper > 0;
const isGiftMail = (entry: LedgerEntry): boolean => entry.kind === "mailed" && entry.items.length > 0;
const isTaken = (entry: LedgerEntry): boolean => entry.kind === "delivered" && entry.status === 200;

/** Puts something after the first entry that fits. */
function after(
  entries: readonly LedgerEntry[],
  fits: (entry: LedgerEntry) => boolean,
  made: (entry: LedgerEntry) => LedgerEntry,
): LedgerEntry[] {
  const place = entries.findIndex(fits);
  const entry = entries[place];
  if (entry === undefined) throw new Error("the run has nothing to plant this fault into");
  return [...entries.slice(0, place + 1), made(entry), ...entries.slice(place + 1)];
}

/** Changes the first entry that fits, or takes it out. */
function change(
  entries: readonly LedgerEntry[],
  fits: (entry: LedgerEntry) => boolean,
  made: (entry: LedgerEntry) => LedgerEntry | null,
): LedgerEntry[] {
  const place = entries.findIndex(fits);
  const entry = entries[place];
  if (entry === undefined) throw new Error("the run has nothing to plant this fault into");
  const changed = made(entry);
  return [...entries.slice(0, place), ...(changed === null ? [] : [changed]), ...entries.slice(place + 1)];
}

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

/** All of them. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  // Enrolments.
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
  // Payouts.
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
  // Gold and items.
  { finds: "paid_twice", what: "a second mail", ledger: (entries) => after(entries, isMail, (mail) => mail) },
  { finds: "mail_missing", what: "a mail that never left", ledger: (entries) => change(entries, isMail, () => null) },
  {
    finds: "copper_differs",
    what: "a mail with a copper less",
    ledger: (entries) =>
      change(entries, isMail, (mail) => (mail.kind === "mailed" ? { ...mail, copper: mail.copper - 1 } : mail)),
  },
  {
    finds: "gold_differs",
    what: "sums that differ",
    ledger: (entries) =>
      change(entries, isMail, (mail) => (mail.kind === "mailed" ? { ...mail, copper: mail.copper - 1 } : mail)),
  },
  {
    finds: "mail_unnamed",
    what: "a mail to somebody whom nobody named",
    ledger: (entries) =>
      change(entries, isMail, (mail) => (mail.kind === "mailed" ? { ...mail, to: "Stranger" } : mail)),
  },
  {
    finds: "confirmation_lost",
    what: "a mail whose confirmation is gone",
    sql: [`update payouts set mail_confirmed_at = null where payout_id = ${SENT}`],
  },
  {
    finds: "purse_differs",
    what: "gold that left the purse otherwise",
    ledger: (entries) =>
      entries.map((entry) => (entry.kind === "purse" ? { ...entry, copperAfter: entry.copperAfter - 1 } : entry)),
  },
  {
    finds: "named_unowed",
    what: "gold that was named and owed to nobody",
    ledger: (entries) => [...entries, { kind: "named", mail: "gold", id: "made-up", to: "Rogue", at: 0 }],
  },
  { finds: "given_twice", what: "a second gift mail", ledger: (entries) => after(entries, isGiftMail, (mail) => mail) },
  {
    finds: "gift_missing",
    what: "a gift that never left",
    ledger: (entries) => change(entries, isGiftMail, () => null),
  },
  {
    finds: "delivery_lost",
    what: "a gift mail that is not recorded",
    sql: [`update gift_requests set delivered_at = null where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "gift_differs",
    what: "another item than drawn",
    sql: [`update gift_requests set selected_item = selected_item || '{"count": 77}' where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "fact_refused",
    what: "a mail that the API does not want to know of",
    ledger: (entries) => [
      ...entries,
      {
        kind: "window",
        questions: [],
        waitingMails: 0,
        refusals: [{ kind: "mail_sent", id: "made-up", code: "not_found" }],
      },
    ],
  },
  // People.
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
  // Announcements.
  {
    finds: "announced_twice",
    what: "a second announcement",
    ledger: (entries) =>
      after(
        entries,
        (entry) => entry.kind === "posted",
        (entry) => ({ ...entry, messageId: "again" }) as LedgerEntry,
      ),
  },
  {
    finds: "announcement_unfounded",
    what: "an announcement of nobody's payout",
    ledger: (entries) => [
      ...entries,
      {
        kind: "posted",
        messageId: "made-up",
        text: "Награда отправлена персонажу Rogue на почту, проверяй ящик!",
        at: 0,
      },
    ],
  },
  {
    finds: "announcement_forgotten",
    what: "a Sent that nobody tried to announce",
    sql: [`delete from announcement_claims where payout_id = ${SENT}`],
  },
  {
    finds: "announcement_stuck",
    what: "an announcement that is still being sent",
    sql: [`update announcement_claims set state = 'sending' where payout_id = ${SENT}`],
  },
  {
    finds: "announcement_not_posted",
    what: "an announcement that Twitch does not know",
    sql: [`update announcement_claims set state = 'sent', message_id = 'made-up' where payout_id = ${SENT}`],
  },
  // Draws.
  {
    finds: "draw_differs",
    what: "another entropy",
    sql: ["update draws set entropy = sha256(entropy) where entrants > 1"],
  },
  {
    finds: "draw_differs",
    what: "another candidate than drawn",
    sql: [`update spin_cycles set candidate_name = 'Friend' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "list_altered",
    what: "a changed list",
    sql: [
      `update draw_lists set names_deflated = (select other.names_deflated from draw_lists other
         where other.list_hash <> draw_lists.list_hash limit 1)
       where list_hash = (select min(list_hash) from draws)`,
    ],
  },
  {
    finds: "list_missing",
    what: "a list that is gone",
    sql: ["delete from draw_lists where list_hash = (select min(list_hash) from draws)"],
  },
  {
    finds: "draw_missing",
    what: "a candidate without a draw",
    sql: [`delete from draws where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "cycle_id_differs",
    what: "a cycle of another boundary",
    sql: [`update spin_cycles set boundary_at = boundary_at - interval '1 day' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "drawn_late",
    what: "a draw after its time",
    sql: [`update spin_cycles set drawn_at = boundary_at + interval '1 hour' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "wheel_differs",
    what: "a wheel without the candidate",
    sql: [`update spin_cycles set wheel = '{}' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  // Gifts.
  {
    finds: "gift_stuck",
    what: "a gift request without an end",
    sql: [`update gift_requests set state = 'SelectingItem' where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "illegal_gift_step",
    what: "a gift that came back from its end",
    sql: [
      `insert into gift_events (gift_request_id, event_number, broadcaster_id, event, state, cause, at)
         select gift_request_id, max(event_number) + 1, min(broadcaster_id), 'promoted', 'SelectingItem', 'server', now()
           from gift_events where gift_request_id = ${GIVEN} group by gift_request_id`,
    ],
  },
  {
    finds: "right_misrecorded",
    what: "a right to a gift that was given back",
    sql: [`delete from gift_use where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "two_gifts",
    what: "a second gift to one viewer",
    sql: [
      `insert into gift_requests overriding system value
         select (jsonb_populate_record(g, jsonb_build_object('gift_request_id', ${NEW_UUID}, 'arrival', 1000000))).*
           from gift_requests g where gift_request_id = ${GIVEN}`,
    ],
  },
  // Workflows and processes.
  {
    finds: "workflow_ended_badly",
    what: "a workflow that failed",
    executions: ([first, ...others]) => (first === undefined ? [] : [{ ...first, status: "FAILED" }, ...others]),
  },
  {
    finds: "workflow_orphaned",
    what: "a workflow that runs for an ended payout",
    executions: (executions) =>
      executions.map((one) => (/^payout-[0-9a-f]{8}-/.test(one.workflowId) ? { ...one, status: "RUNNING" } : one)),
  },
  {
    finds: "workflow_orphaned",
    what: "a cycle that does not end",
    executions: (executions) =>
      executions.map((one) =>
        one.type === "spinCycle"
          ? { ...one, workflowId: one.workflowId.replace(/\d{4}-/, "2020-"), status: "RUNNING" }
          : one,
      ),
  },
  {
    finds: "workflow_missing",
    what: "an open payout without a workflow",
    sql: [`update payouts set status = 'Pending' where payout_id = ${SENT}`],
  },
  {
    finds: "process_died",
    what: "a process that ended by itself",
    ledger: (entries) => [...entries, { kind: "died", process: "worker", how: "exit code 1", at: 0 }],
  },
];
