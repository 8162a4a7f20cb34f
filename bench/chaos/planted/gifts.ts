import type { Tables } from "../checker/evidence.ts";
import type { LedgerEntry } from "../ledger.ts";
import { change, GIVEN, isGiftMail, NEW_UUID, type PlantedFault } from "./plant.ts";

const MANY = 20;

/** Many gifts like those that were delivered, but timed out. */
function manyGifts(tables: Tables, reason: string): Tables {
  const given = tables.gifts.filter((gift) => gift.delivered_at !== null);
  const gifts = given.flatMap((gift) =>
    Array.from({ length: MANY }, () => ({ ...gift, state: "Failed", failure_reason: reason })),
  );
  return { ...tables, gifts };
}

/** Faults of gift requests. */
export const GIFT_FAULTS: readonly PlantedFault[] = [
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
  {
    finds: "gift_lost",
    what: "a gift that was granted and is not kept",
    sql: [
      `delete from gift_use where gift_request_id = ${GIVEN}`,
      `delete from gift_events where gift_request_id = ${GIVEN}`,
      `delete from gift_requests where gift_request_id = ${GIVEN}`,
    ],
  },
  {
    finds: "gift_unasked",
    what: "a gift that nobody asked for",
    sql: [`update gift_requests set character_name = 'Stranger' where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "gift_story_begins_wrong",
    what: "a gift's story without its beginning",
    sql: [`delete from gift_events where gift_request_id = ${GIVEN} and event_number = 1`],
  },
  {
    finds: "gift_story_has_gap",
    what: "a gift's event that is missing",
    sql: [`delete from gift_events where gift_request_id = ${GIVEN} and event_number = 2`],
  },
  {
    finds: "gift_story_ends_wrong",
    what: "a gift's state that no event tells of",
    sql: [`update gift_requests set state = 'Failed' where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "gift_undelivered",
    what: "a gift that was agreed upon and never mailed",
    sql: [`update gift_requests set delivered_at = null where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "gifts_forgotten",
    what: "gifts that nobody chose an item for, one after the other",
    tables: (tables) => manyGifts(tables, "selection_timeout"),
  },
  {
    finds: "gifts_forgotten",
    what: "gifts whose viewers answer and were heard by nobody, one after the other",
    tables: (tables) => manyGifts(tables, "confirmation_timeout"),
  },
  {
    finds: "consent_forged",
    what: "a gift to somebody who said nothing",
    ledger: (entries) => {
      const mail = entries.find(isGiftMail);
      return change(
        entries,
        (entry) => entry.kind === "person" && mail?.kind === "mailed" && entry.name === mail.to,
        (entry) => ({ ...entry, isSilent: true }) as LedgerEntry,
      );
    },
    // The same person may have won gold.
    tables: (tables) => ({ ...tables, payouts: [] }),
  },
];
