import { demandedByFacts, fulfils, isOpenGift, usesRightUp } from "@mgm/domain/gift";
import type { GiftProjection } from "../../contract.ts";
import { type Database, transact } from "../database.ts";
import { type Gift, getGift } from "./gift-row.ts";
import { lockGiftViewer } from "./locks.ts";
import { writeGiftEvent } from "./write-event.ts";

/**
 * Writes a decided event into the read model. Not applied when the row has moved on since, or when recorded facts
 * demand something else first: the workflow then takes over what the row says and decides again.
 */
export async function projectGift(
  database: Database,
  projection: GiftProjection,
): Promise<{ applied: boolean; gift: Gift }> {
  return await transact(database, async (client) => {
    // Once completed, it uses the right up, or gives it back.
    if (usesRightUp(projection.record) || projection.record.completedAt !== null) {
      const { viewerId } = await getGift(client, projection);
      await lockGiftViewer(client, projection.broadcasterId, viewerId);
    }
    const before = await getGift(client, projection, "lock");
    const demanded = demandedByFacts(before, before.facts);
    const isBarred = demanded !== null && !fulfils(projection.event, demanded);
    if (before.version !== projection.follows || isBarred) return { applied: false, gift: before };
    // The workflow that waits for the mail of what has ended may be there already.
    await writeGiftEvent(client, before, { ...projection, untold: !isOpenGift(before.state) });
    return { applied: true, gift: await getGift(client, projection) };
  });
}
