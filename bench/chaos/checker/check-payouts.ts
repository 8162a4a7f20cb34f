import {
  clockToleranceMs,
  type Evidence,
  entriesOf,
  type Finding,
  found,
  groupBy,
  type PayoutEventRow,
  type PayoutRow,
  runOf,
} from "./evidence.ts";

/*
 * Every payout belongs to the one cycle that it was won in, its story is made of legal steps, and it has ended, unless the
 * winner does not answer. No question to the streamer is left, who answers each.
 */

const COPPER = "10000000";
const MOST_PAID = 10;
const ACTIVE = new Set(["Pending", "InProgress"]);
/** From which status to which, and by whom. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  "Pending>InProgress": ["desktop", "log"],
  "Pending>Cancelled": ["desktop", "broadcaster", "operator"],
  "Pending>Failed": ["desktop", "broadcaster", "operator", "server"],
  "Pending>Expired": ["server"],
  "InProgress>Sent": ["log", "desktop"],
  "InProgress>Cancelled": ["desktop", "broadcaster", "operator"],
  "InProgress>Failed": ["desktop", "broadcaster", "operator", "server"],
  "InProgress>Pending": ["desktop"],
  "InProgress>Expired": ["server"],
};

/** Checks payouts and cycles. */
export function checkPayouts(evidence: Evidence): Finding[] {
  const { payouts, payoutEvents } = evidence.tables;
  const tolerance = clockToleranceMs(evidence);
  const events = groupBy(payoutEvents, (event) => event.payout_id);
  return [
    ...payouts.flatMap((payout) => checkStory(payout, events.get(payout.payout_id) ?? [], tolerance)),
    ...payouts.flatMap((payout) => checkOwed(payout, evidence)),
    ...payouts.flatMap((payout) => checkEnd(payout, evidence)),
    ...checkPeople(evidence),
    ...checkQuestions(evidence),
    ...checkCycles(evidence),
    ...checkViewers(payouts),
  ];
}

function checkStory(payout: PayoutRow, events: readonly PayoutEventRow[], toleranceMs: number): Finding[] {
  const findings: Finding[] = [];
  const { payout_id: id } = payout;
  const [first] = events;
  if (first?.event !== "created" || first.status !== "Pending") findings.push(found("story_begins_wrong", id));
  let status = "Pending";
  for (const [index, event] of events.entries()) {
    if (event.event_number !== index + 1) findings.push(found("story_has_gap", id, `number ${event.event_number}`));
    if (event.event !== "status") continue;
    const step = `${status}>${event.status}`;
    if (!STEPS[step]?.includes(event.cause)) findings.push(found("illegal_step", id, `${step} by ${event.cause}`));
    if (event.status === "Expired" && event.at.getTime() + toleranceMs < payout.expires_at.getTime())
      findings.push(found("expired_early", id));
    status = event.status;
  }
  if (status !== payout.status)
    findings.push(found("story_ends_wrong", id, `${status}, but the row says ${payout.status}`));
  const accepted = events.filter(({ event }) => event === "accepted").length;
  if (accepted !== (payout.accepted_at === null ? 0 : 1)) findings.push(found("acceptance_miscounted", id));
  const confirmed = events.filter(({ event }) => event === "mail_confirmed").length;
  if (confirmed !== (payout.mail_confirmed_at === null ? 0 : 1)) findings.push(found("confirmation_miscounted", id));
  if (payout.status === "Sent" && payout.mail_confirmed_at === null) findings.push(found("sent_unconfirmed", id));
  return findings;
}

function checkOwed(payout: PayoutRow, evidence: Evidence): Finding[] {
  const { payout_id: id } = payout;
  const findings: Finding[] = [];
  const { timings } = runOf(evidence);
  const ttl = timings.payoutTtlMs ?? 0;
  const grid = timings.expiryGridMs ?? 1;
  if (payout.copper !== COPPER) findings.push(found("wrong_amount", id, payout.copper));
  const expiry = Math.ceil((payout.created_at.getTime() + ttl) / grid) * grid;
  if (payout.expires_at.getTime() !== expiry) findings.push(found("wrong_expiry", id, payout.expires_at.toISOString()));
  const cycle = evidence.tables.cycles.find((one) => one.spin_cycle_id === payout.spin_cycle_id);
  const isEarned =
    cycle?.outcome === "won" &&
    cycle.payout_id === id &&
    cycle.reported_online === true &&
    cycle.candidate_name === payout.character_name &&
    cycle.candidate_user_id === payout.twitch_user_id;
  if (!isEarned) findings.push(found("payout_unearned", id, `of cycle ${payout.spin_cycle_id}`));
  return findings;
}

/** What people of the realm did: nobody wins who is not there, and nobody consents who said nothing. */
function checkPeople(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  const people = new Map(entriesOf(evidence, "person").map((person) => [person.name, person]));
  for (const { payout_id: id, character_name: name, accepted_at: acceptedAt } of evidence.tables.payouts) {
    if (people.get(name)?.isOffline === true) findings.push(found("winner_was_offline", id, name));
    if (people.get(name)?.isSilent === true && acceptedAt !== null) findings.push(found("consent_forged", id, name));
  }
  for (const { gift_request_id: id, character_name: name, state } of evidence.tables.gifts) {
    const isSilent = people.get(name)?.isSilent === true;
    if (isSilent && state === "Completed") findings.push(found("consent_forged", id, name));
  }
  return findings;
}

/** An active payout may wait for its winner until it expires. */
function checkEnd(payout: PayoutRow, evidence: Evidence): Finding[] {
  const { payout_id: id, status } = payout;
  if (payout.attention === "open") return [found("attention_unsettled", id)];
  if (!ACTIVE.has(status)) return [];
  const slack = runOf(evidence).timings.slackMs ?? 0;
  const isOverdue = evidence.tables.now.getTime() > payout.expires_at.getTime() + slack;
  const answers = !entriesOf(evidence, "person").some(
    ({ name, isSilent }) => isSilent && name === payout.character_name,
  );
  const waitsForWinner = status === "Pending" && payout.accepted_at === null && !answers;
  return waitsForWinner && !isOverdue
    ? []
    : [found("payout_stuck", id, `${status}${payout.accepted_at === null ? "" : ", accepted"}`)];
}

/** The streamer answers within seconds: what is asked at the end was not heard, or is asked for ever. */
function checkQuestions(evidence: Evidence): Finding[] {
  const questions = entriesOf(evidence, "window").at(-1)?.questions ?? [];
  return questions.map((id) => found("question_unanswered", id));
}

function checkCycles(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  const { cycles, payouts } = evidence.tables;
  for (const {
    spin_cycle_id: id,
    outcome,
    payout_id: payoutId,
    candidate_name: candidate,
    reported_online,
  } of cycles) {
    const won = payouts.filter((payout) => payout.spin_cycle_id === id);
    if (won.length > 1) findings.push(found("two_winners", id, won.map(({ payout_id }) => payout_id).join(" ")));
    if ((outcome === "won") !== won.length > 0) findings.push(found("winner_and_outcome_differ", id, `${outcome}`));
    if (payoutId !== null && won[0]?.payout_id !== payoutId) findings.push(found("payout_lost", id, payoutId));
    if (outcome === null) findings.push(found("cycle_stuck", id));
    if (outcome === "offline" && reported_online !== false) findings.push(found("outcome_unreported", id, outcome));
    if (["won", "refused", "offline", "unverified"].includes(outcome ?? "") === (candidate === null)) {
      findings.push(found("candidate_and_outcome_differ", id, `${outcome} with ${candidate}`));
    }
  }
  const boundaries = new Map(cycles.map((cycle) => [cycle.boundary_at.getTime(), cycle.spin_cycle_id]));
  if (boundaries.size !== cycles.length) findings.push(found("two_cycles_at_once", "cycles"));
  return findings;
}

function checkViewers(payouts: readonly PayoutRow[]): Finding[] {
  const findings: Finding[] = [];
  for (const [userId, own] of groupBy(payouts, (payout) => payout.twitch_user_id)) {
    const active = own.filter(({ status }) => ACTIVE.has(status));
    if (active.length > 1) findings.push(found("two_active_payouts", userId));
    const counted = own.filter(
      ({ status, mail_confirmed_at: at }) => ACTIVE.has(status) || status === "Sent" || at !== null,
    );
    if (counted.length > MOST_PAID) findings.push(found("cap_exceeded", userId, String(counted.length)));
  }
  return findings;
}
