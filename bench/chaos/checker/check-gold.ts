import type { LedgerEntry } from "../ledger.ts";
import { type Evidence, entriesOf, type Finding, found } from "./evidence.ts";

/*
 * The realm's mailboxes against the books: for every confirmation there is one mail of just that content, and no mail that
 * was not confirmed. A mail carries no id; it belongs to what was named last for its receiver.
 */

type Mail = Extract<LedgerEntry, { kind: "mailed" }>;
type Naming = Extract<LedgerEntry, { kind: "named" }>;

const POSTAGE_COPPER = 30;

/** Checks gold and items. */
export function checkGold(evidence: Evidence): Finding[] {
  const mails = entriesOf(evidence, "mailed");
  const namings = entriesOf(evidence, "named");
  const byId = new Map<string, Mail[]>();
  const findings: Finding[] = [];
  for (const mail of mails) {
    const id = nameOf(mail, namings);
    if (id === null) findings.push(found("mail_unnamed", mail.to, `${mail.copper} copper`));
    else byId.set(id, [...(byId.get(id) ?? []), mail]);
  }
  return [
    ...findings,
    ...checkPayoutMails(evidence, byId),
    ...checkGiftMails(evidence, byId),
    ...checkNamings(evidence, namings),
    ...checkSums(evidence, mails),
    ...checkRefusals(evidence),
  ];
}

function nameOf(mail: Mail, namings: readonly Naming[]): string | null {
  const kind = mail.items.length > 0 ? "gift" : "gold";
  const fitting = namings.filter((one) => one.to === mail.to && one.mail === kind && one.at <= mail.at);
  return fitting.at(-1)?.id ?? null;
}

function checkPayoutMails({ tables }: Evidence, byId: ReadonlyMap<string, readonly Mail[]>): Finding[] {
  return tables.payouts.flatMap((payout) => {
    const { payout_id: id, character_name: name, copper, mail_confirmed_at: confirmedAt } = payout;
    const mails = byId.get(id) ?? [];
    const findings: Finding[] = [];
    if (mails.length > 1) findings.push(found("paid_twice", id, `${mails.length} mails to ${name}`));
    if (mails.length > 0 && confirmedAt === null) findings.push(found("confirmation_lost", id, name));
    if (mails.length === 0 && confirmedAt !== null) findings.push(found("mail_missing", id, name));
    for (const mail of mails) {
      if (String(mail.copper) !== copper) findings.push(found("copper_differs", id, `${mail.copper} for ${copper}`));
      if (mail.to !== name) findings.push(found("mail_went_astray", id, `${mail.to} for ${name}`));
    }
    return findings;
  });
}

function checkGiftMails({ tables }: Evidence, byId: ReadonlyMap<string, readonly Mail[]>): Finding[] {
  return tables.gifts.flatMap((gift) => {
    const { gift_request_id: id, character_name: name, selected_item: item, delivered_at: deliveredAt } = gift;
    const mails = byId.get(id) ?? [];
    const findings: Finding[] = [];
    if (mails.length > 1) findings.push(found("given_twice", id, `${mails.length} mails to ${name}`));
    if (mails.length > 0 && deliveredAt === null) findings.push(found("delivery_lost", id, name));
    if (mails.length === 0 && deliveredAt !== null) findings.push(found("gift_missing", id, name));
    for (const { items, to, copper } of mails) {
      const [first] = items;
      const isIt = items.length === 1 && first?.itemId === item?.id && first?.count === item?.count && copper === 0;
      if (!isIt) findings.push(found("gift_differs", id, JSON.stringify(items)));
      if (to !== name) findings.push(found("mail_went_astray", id, `${to} for ${name}`));
    }
    return findings;
  });
}

/** Nothing is named to the addon that is not owed to that character. */
function checkNamings({ tables }: Evidence, namings: readonly Naming[]): Finding[] {
  const owed = new Map([
    ...tables.payouts.map((one): [string, string] => [one.payout_id, one.character_name]),
    ...tables.gifts.map((one): [string, string] => [one.gift_request_id, one.character_name]),
  ]);
  return namings
    .filter(({ id, to }) => owed.get(id) !== to)
    .map(({ id, to }) => found("named_unowed", id, `${to}, owed to ${owed.get(id) ?? "nobody"}`));
}

/** That a mail has left is a fact in every state: no answer of the API may be final that does not take it. */
function checkRefusals(evidence: Evidence): Finding[] {
  const refusals = entriesOf(evidence, "window").at(-1)?.refusals ?? [];
  return refusals
    .filter(({ kind }) => kind === "mail_sent" || kind === "gift_sent")
    .map(({ id, code }) => found("fact_refused", id, code));
}

function checkSums(evidence: Evidence, mails: readonly Mail[]): Finding[] {
  const findings: Finding[] = [];
  const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
  const recorded = total(
    evidence.tables.payouts.filter((one) => one.mail_confirmed_at !== null).map((one) => Number(one.copper)),
  );
  const left = total(mails.map(({ copper }) => copper));
  if (recorded !== left) findings.push(found("gold_differs", "all", `${left} left, ${recorded} recorded`));
  const purse = entriesOf(evidence, "purse").at(-1);
  if (purse === undefined) return [...findings, found("purse_unknown", "all")];
  const spent = purse.copperBefore - purse.copperAfter;
  const cost = left + total(mails.map(({ items }) => POSTAGE_COPPER * Math.max(1, items.length)));
  if (spent !== cost) findings.push(found("purse_differs", "all", `${spent} spent, ${cost} mailed with postage`));
  return findings;
}
