import { clockToleranceMs, type Evidence, entriesOf, type Finding, found } from "./evidence.ts";

/*
 * Every command that Twitch was told "taken" is kept, and no other; whoever was enrolled last is in the pool, or left it by
 * the gold; nobody is in it who did not ask.
 */

interface Enrolment {
  readonly id: string;
  readonly name: string;
  readonly at: number;
}

/** Checks commands, claims and pool. */
export function checkEnrolments(evidence: Evidence): Finding[] {
  return [...checkCommands(evidence), ...checkClaims(evidence), ...checkPool(evidence)];
}

function checkCommands(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  const kept = new Map(evidence.tables.commands.map((row) => [row.message_id, row]));
  const said = new Map(entriesOf(evidence, "command").map((entry) => [entry.messageId, entry]));
  const taken = new Set(
    entriesOf(evidence, "delivered")
      .filter(({ status }) => status >= 200 && status < 300)
      .map(({ messageId }) => messageId),
  );
  for (const { messageId, userId, word, isOfChannel, isSigned, isSubscriber } of said.values()) {
    const row = kept.get(messageId);
    const isOurs = isOfChannel && isSigned;
    if (row === undefined) {
      if (isOurs && taken.has(messageId)) findings.push(found("command_lost", messageId, `of ${userId}`));
      continue;
    }
    if (!isOurs) findings.push(found("command_forged", messageId, `of ${userId}`));
    if (row.twitch_user_id !== userId || row.command !== word) findings.push(found("command_altered", messageId));
    if ((row.result === "not_subscriber") === isSubscriber) {
      findings.push(found("command_misjudged", messageId, `${row.result} for a subscriber: ${isSubscriber}`));
    }
  }
  for (const messageId of kept.keys()) {
    if (!said.has(messageId)) findings.push(found("command_unsaid", messageId));
  }
  return findings;
}

function checkClaims(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  const kept = new Map(evidence.tables.claims.map((row) => [row.enrollment_request_id, row]));
  const made = new Map(entriesOf(evidence, "claim").map((entry) => [entry.requestId, entry]));
  for (const { requestId, status, code } of entriesOf(evidence, "claim_answered")) {
    // Whom Twitch does not say to subscribe is refused; a question that Twitch did not answer refuses nobody for good.
    if (code === "not_subscriber" && made.get(requestId)?.isSubscriber === true) {
      findings.push(found("claim_misjudged", requestId, "a subscriber was refused"));
    }
    if ((status === 200 || status === 201) && !kept.has(requestId)) findings.push(found("claim_lost", requestId));
  }
  for (const [requestId, row] of kept) {
    const claim = made.get(requestId);
    if (claim === undefined) findings.push(found("claim_unsaid", requestId));
    else if (!claim.isSubscriber) findings.push(found("claim_misjudged", requestId, "a stranger was enrolled"));
    else if (claim.userId !== row.twitch_user_id || claim.name !== row.character_name) {
      findings.push(found("claim_altered", requestId));
    }
  }
  return findings;
}

function checkPool(evidence: Evidence): Finding[] {
  const { pool, exits, payouts } = evidence.tables;
  const findings: Finding[] = [];
  const enrolled = enrolmentsOf(evidence);
  const tolerance = clockToleranceMs(evidence);
  const entries = new Map(pool.map((row) => [row.twitch_user_id, row]));
  const left = new Map(exits.map((row) => [row.twitch_user_id, row.left_at.getTime()]));
  for (const [userId, enrolments] of enrolled) {
    const last = enrolments.reduce((one, other) => (other.at >= one.at ? other : one));
    const entry = entries.get(userId);
    if (entry !== undefined) continue;
    const hasBeenPaid = payouts.some(
      (payout) => payout.twitch_user_id === userId && (payout.status === "Sent" || payout.mail_confirmed_at !== null),
    );
    const leftAt = left.get(userId) ?? Number.NEGATIVE_INFINITY;
    if (!hasBeenPaid || leftAt + tolerance < last.at) {
      findings.push(found("enrolment_lost", userId, `${last.name} of ${new Date(last.at).toISOString()}`));
    }
  }
  for (const { twitch_user_id: userId, enrollment_request_id: id, character_name: name, commanded_at: at } of pool) {
    const enrolments = enrolled.get(userId) ?? [];
    const own = enrolments.find((enrolment) => enrolment.id === id);
    if (own === undefined || own.name !== name) {
      findings.push(found("entry_unearned", userId, `${name} by ${id}`));
      continue;
    }
    const newer = enrolments.find((enrolment) => enrolment.at > Math.max(own.at, at.getTime()) + tolerance);
    if (newer !== undefined) findings.push(found("entry_outdated", userId, `${name}, but ${newer.name} came later`));
    if ((left.get(userId) ?? 0) > at.getTime() + tolerance) findings.push(found("entry_outlived", userId, name));
  }
  const holders = new Map<string, string>();
  for (const { character_name: name, twitch_user_id: userId } of pool) {
    const other = holders.get(name);
    if (other !== undefined) findings.push(found("name_held_twice", name, `${other} and ${userId}`));
    holders.set(name, userId);
  }
  return findings;
}

/** What was accepted, by viewer: what the ledger says was asked, and the tables say was granted. */
function enrolmentsOf(evidence: Evidence): Map<string, Enrolment[]> {
  const names = new Map(entriesOf(evidence, "command").map(({ messageId, name }) => [messageId, name]));
  const byViewer = new Map<string, Enrolment[]>();
  const add = (userId: string, enrolment: Enrolment) =>
    byViewer.set(userId, [...(byViewer.get(userId) ?? []), enrolment]);
  for (const row of evidence.tables.commands) {
    if (row.command !== "twgold" || row.result !== "enrolled") continue;
    const name = names.get(row.message_id) ?? "";
    add(row.twitch_user_id, { id: row.message_id, name, at: row.sent_at.getTime() });
  }
  for (const row of evidence.tables.claims) {
    const enrolment = { id: row.enrollment_request_id, name: row.character_name, at: row.claimed_at.getTime() };
    add(row.twitch_user_id, enrolment);
  }
  return byViewer;
}
