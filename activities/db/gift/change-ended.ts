import { applyGiftEvent, type GiftEvent, isOpenGift } from "@mgm/domain/gift";
import type { PayoutCause } from "@mgm/domain/payout";
import { type Refusal, refuse } from "@mgm/domain/refusal";
import { type Database, type Queryable, transact } from "../database.ts";
import { type Gift, getGift } from "./gift-row.ts";
import { lockGiftViewer } from "./locks.ts";
import { writeGiftEvent } from "./write-event.ts";

/** What may still happen to a request that has ended, and who says so. */
export interface EndedGiftEvent {
  readonly event: Extract<GiftEvent, { type: "sent" | "failed" }>;
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Lets an event happen to a request that has ended; an open one belongs to its workflow and is refused. */
export async function changeEndedGift(
  database: Database,
  ended: Pick<Gift, "broadcasterId" | "giftRequestId" | "viewerId">,
  by: EndedGiftEvent,
): Promise<{ readonly ok: true; readonly gift: Gift } | Refusal> {
  return await transact(database, async (client) => {
    await lockGiftViewer(client, ended.broadcasterId, ended.viewerId);
    const before = await getGift(client, ended, "lock");
    if (isOpenGift(before.state)) return refuse("temporarily_unavailable");
    return await applyToEnded(client, before, by);
  });
}

/** The same inside a transaction that holds the viewer's right and the row. */
export async function applyToEnded(
  client: Queryable,
  before: Gift,
  by: EndedGiftEvent,
): Promise<{ readonly ok: true; readonly gift: Gift } | Refusal> {
  const change = applyGiftEvent(before, by.event);
  if (!change.ok) return change;
  if (change.changed) {
    // Only a completed request has a workflow that waits for news.
    await writeGiftEvent(client, before, { ...by, record: change.record, untold: before.state === "Completed" });
  }
  return { ok: true, gift: await getGift(client, before) };
}
