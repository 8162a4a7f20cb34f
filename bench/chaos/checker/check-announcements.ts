import { type Evidence, entriesOf, type Finding, found, groupBy } from "./evidence.ts";

/** What chat is told of a payout that was sent. */
function lineFor(name: string): string {
  return `Награда отправлена персонажу ${name} на почту, проверяй ящик!`;
}

/** Checks that chat was told at most once of each payout, only of those that were sent, and that the books say the same. */
export function checkAnnouncements(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  const { payouts, announcements } = evidence.tables;
  const posted = entriesOf(evidence, "posted");
  const lines = groupBy(posted, ({ text }) => text);
  const sent = payouts.filter(({ status }) => status === "Sent");
  const due = groupBy(sent, ({ character_name: name }) => lineFor(name));
  for (const [text, messages] of lines) {
    const own = due.get(text) ?? [];
    if (own.length === 0) findings.push(found("announcement_unfounded", text));
    else if (messages.length > own.length) findings.push(found("announced_twice", own[0]?.payout_id ?? "", text));
  }
  const claims = new Map(announcements.map((claim) => [claim.payout_id, claim]));
  for (const { payout_id: id } of sent) {
    if (!claims.has(id)) findings.push(found("announcement_forgotten", id));
  }
  const texts = new Map(posted.map(({ messageId, text }) => [messageId, text]));
  for (const { payout_id: id, state, message_id: messageId } of announcements) {
    const payout = payouts.find((one) => one.payout_id === id);
    if (payout?.status !== "Sent") findings.push(found("announcement_unfounded", id));
    if (state === "sending" || state === "refused") findings.push(found("announcement_stuck", id, state));
    if (state === "sent" && texts.get(messageId ?? "") !== lineFor(payout?.character_name ?? "")) {
      findings.push(found("announcement_not_posted", id));
    }
    const wasPosted = payout !== undefined && lines.has(lineFor(payout.character_name));
    const isAlone = due.get(lineFor(payout?.character_name ?? ""))?.length === 1;
    if (state === "failed" && wasPosted && isAlone) findings.push(found("announcement_denied", id));
  }
  return findings;
}
