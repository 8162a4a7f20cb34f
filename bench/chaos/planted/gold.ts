import { after, change, GIVEN, isGiftMail, isMail, type PlantedFault, SENT } from "./plant.ts";

/** Faults of gold and items. */
export const GOLD_FAULTS: readonly PlantedFault[] = [
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
  {
    finds: "mail_went_astray",
    what: "a mail to another than the winner",
    sql: [`update payouts set character_name = 'Stranger' where payout_id = ${SENT}`],
  },
  {
    finds: "purse_unknown",
    what: "a purse that nobody looked into",
    ledger: (entries) => entries.filter(({ kind }) => kind !== "purse"),
  },
];
