import { type Evidence, entriesOf, type Finding, found, groupBy } from "./evidence.ts";

/*
 * Every gift that chat was granted is there, and no other; its story is made of legal steps and has ended; a viewer has
 * one gift, ever.
 */

const OPEN = new Set(["Pending", "SelectingItem", "WaitingConfirmation"]);
/** From which state to which, by which event. */
const STEPS = new Set([
  "Pending>SelectingItem:promoted",
  "SelectingItem>WaitingConfirmation:item_selected",
  "WaitingConfirmation>Completed:answered",
  "WaitingConfirmation>Failed:answered",
  "SelectingItem>Failed:timed_out",
  "WaitingConfirmation>Failed:timed_out",
  "Pending>Failed:failed",
  "SelectingItem>Failed:failed",
  "WaitingConfirmation>Failed:failed",
  "Completed>Failed:failed",
  "Pending>Completed:sent",
  "SelectingItem>Completed:sent",
  "WaitingConfirmation>Completed:sent",
  "Completed>Completed:sent",
  "Failed>Failed:sent",
]);

/** Checks gift requests. */
export function checkGifts(evidence: Evidence): Finding[] {
  return [...checkAsked(evidence), ...checkRows(evidence)];
}

/** A command that was granted and its request's row are of one transaction. */
function checkAsked(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  const names = new Map(entriesOf(evidence, "command").map(({ messageId, name }) => [messageId, name]));
  const granted = evidence.tables.commands.filter((row) => row.command === "twgift" && row.result === "requested");
  const asked = groupBy(granted, (row) => `${row.twitch_user_id} for ${names.get(row.message_id)}`);
  const ofChat = evidence.tables.gifts.filter(({ origin }) => origin === "chat");
  const kept = groupBy(ofChat, (gift) => `${gift.twitch_user_id} for ${gift.character_name}`);
  for (const whose of new Set([...asked.keys(), ...kept.keys()])) {
    const rows = kept.get(whose)?.length ?? 0;
    const commands = asked.get(whose)?.length ?? 0;
    if (rows < commands) findings.push(found("gift_lost", whose, `${commands} granted, ${rows} kept`));
    if (rows > commands) findings.push(found("gift_unasked", whose, `${commands} granted, ${rows} kept`));
  }
  return findings;
}

function checkRows({ tables }: Evidence): Finding[] {
  const { gifts, giftEvents, giftUse } = tables;
  const findings: Finding[] = [];
  const stories = groupBy(giftEvents, (event) => event.gift_request_id);
  for (const { gift_request_id: id, state, delivered_at: deliveredAt } of gifts) {
    const events = stories.get(id) ?? [];
    let present = "Pending";
    if (events[0]?.event !== "requested") findings.push(found("gift_story_begins_wrong", id));
    for (const [index, { event, event_number: number, state: next }] of events.entries()) {
      if (number !== index + 1) findings.push(found("gift_story_has_gap", id, `number ${number}`));
      if (index === 0) continue;
      const step = `${present}>${next}:${event}`;
      if (!STEPS.has(step)) findings.push(found("illegal_gift_step", id, step));
      present = next;
    }
    if (present !== state) findings.push(found("gift_story_ends_wrong", id, `${present}, but the row says ${state}`));
    if (OPEN.has(state)) findings.push(found("gift_stuck", id, state));
    if (state === "Completed" && deliveredAt === null) findings.push(found("gift_undelivered", id));
  }
  const used = new Map(giftUse.map((row) => [row.twitch_user_id, row.gift_request_id]));
  for (const [userId, own] of groupBy(gifts, (gift) => gift.twitch_user_id)) {
    const using = own.filter((gift) => gift.state === "Completed" || gift.delivered_at !== null);
    if (using.length > 1) findings.push(found("two_gifts", userId));
    if (using.length > 0 !== used.has(userId)) findings.push(found("right_misrecorded", userId));
  }
  return findings;
}
