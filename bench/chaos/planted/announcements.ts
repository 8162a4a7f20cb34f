import type { LedgerEntry } from "../ledger.ts";
import { after, changeResult, type PlantedFault, SENT } from "./plant.ts";

/** Faults of what chat was told. */
export const ANNOUNCEMENT_FAULTS: readonly PlantedFault[] = [
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
    finds: "announcement_unfounded",
    what: "a claim to announce a payout that was not sent",
    tables: (tables) => ({
      ...tables,
      announcements: [...tables.announcements, { payout_id: "made-up", state: "failed", message_id: null }],
    }),
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
  {
    finds: "announcement_denied",
    what: "an announcement that was posted and is called failed",
    sql: [
      `update announcement_claims set state = 'failed' where payout_id =
         (select payout_id from announcement_claims where state = 'sent' order by claimed_at limit 1)`,
    ],
  },
  {
    finds: "announcement_end_differs",
    what: "an announcement that its workflow saw end otherwise",
    histories: (histories) =>
      changeResult(histories, "payout", (result) =>
        result.announcement === "sent" ? { ...result, announcement: "held" } : result,
      ),
  },
];
