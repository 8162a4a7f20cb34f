import { applyGiftEvent, demandedByFacts, isOpenGift } from "@mgm/domain/gift";
import { type Database, transact } from "../database.ts";
import { findGift, type Gift, getGift } from "./gift-row.ts";
import { lockGiftViewer } from "./locks.ts";
import { writeGiftEvent } from "./write-event.ts";

/**
 * Ends an open request whose workflow is gone: Completed when its mail was sent meanwhile, else Failed. Returns whether
 * it did.
 */
export async function settleVanishedGift(
  database: Database,
  vanished: Pick<Gift, "broadcasterId" | "giftRequestId">,
  at: number,
): Promise<boolean> {
  return await transact(database, async (client) => {
    const seen = await findGift(client, vanished.broadcasterId, vanished.giftRequestId);
    if (seen === null || !isOpenGift(seen.state)) return false;
    await lockGiftViewer(client, seen.broadcasterId, seen.viewerId);
    const before = await getGift(client, vanished, "lock");
    if (!isOpenGift(before.state)) return false;
    const demanded = demandedByFacts(before, before.facts);
    const event = demanded?.type === "sent" ? demanded : ({ type: "failed", reason: "ended_by_operator" } as const);
    const change = applyGiftEvent(before, event);
    if (!change.ok) throw new Error("an open request takes its end");
    await writeGiftEvent(client, before, { event, record: change.record, cause: "server", desktopId: null, at });
    return true;
  });
}
