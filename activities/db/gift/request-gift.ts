import { randomUUID } from "node:crypto";
import { NEW_GIFT } from "@mgm/domain/gift";
import { type Refusal, type RefusalCode, refuse } from "@mgm/domain/refusal";
import type { Timings } from "@mgm/domain/timings";
import type { GiftName } from "../../contract.ts";
import { type Database, firstRow, type Queryable, transact, violates } from "../database.ts";
import { type CommandMessage, keepCommandMessage } from "../pool/enroll-by-chat.ts";
import { type Gift, type GiftOrigin, getGift, isOpen } from "./gift-row.ts";
import { lockGiftArrival, lockGiftViewer } from "./locks.ts";

const OPEN_INDEX = "gift_requests_one_open_per_viewer";

/** A viewer's wish for a gift. */
export interface NewGift {
  readonly broadcasterId: string;
  readonly viewerId: string;
  readonly viewerDisplayName: string;
  /** Canonical. */
  readonly characterName: string;
  readonly timings: Timings;
  /** Unix milliseconds. */
  readonly receivedAt: number;
}

/** The request that was added, or why it was not. */
export type GiftRequestResult = { readonly ok: true; readonly gift: Gift } | Refusal;

/** Adds a request that came over HTTP. */
export async function requestGift(database: Database, request: NewGift): Promise<GiftRequestResult> {
  try {
    const added = await transact(database, async (client) => {
      const refusal = await judge(client, request);
      return refusal ?? (await insertGift(client, request, "http"));
    });
    return "code" in added ? added : { ok: true, gift: await getGift(database, added) };
  } catch (error) {
    if (violates(error, OPEN_INDEX)) return refuse("gift_request_active");
    throw error;
  }
}

/** What became of a `!twgift`: `replayed` was answered before. */
export type ChatGiftResult =
  | { readonly kind: "requested"; readonly gift: Gift }
  | { readonly kind: "refused"; readonly code: RefusalCode }
  | { readonly kind: "replayed" };

/** Adds a request from chat in one transaction that also keeps the message's id and result. */
export async function requestGiftByChat(
  database: Database,
  request: NewGift,
  message: CommandMessage,
): Promise<ChatGiftResult> {
  const added = await transact(database, async (client) => {
    const refusal = await judge(client, request);
    const isFirst = await keepCommandMessage(client, message, "twgift", refusal?.code ?? "requested");
    if (!isFirst) return "replayed";
    return refusal ?? (await insertGift(client, request, "chat"));
  });
  if (added === "replayed") return { kind: "replayed" };
  if ("code" in added) return { kind: "refused", code: added.code };
  return { kind: "requested", gift: await getGift(database, added) };
}

/** Adds the row and the beginning of its story. The last thing before the commit: others wait for their number. */
async function insertGift(client: Queryable, request: NewGift, origin: GiftOrigin): Promise<GiftName> {
  const gift = { broadcasterId: request.broadcasterId, giftRequestId: randomUUID() };
  await lockGiftArrival(client, request.broadcasterId);
  await client.query({
    name: "insert-gift",
    text: `with added as (
        insert into gift_requests (gift_request_id, broadcaster_id, twitch_user_id, twitch_display_name, character_name,
            origin, state, created_at, updated_at, timings)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9))
      insert into gift_events (gift_request_id, event_number, broadcaster_id, event, state, cause, at)
      values ($1, 1, $2, 'requested', $7, 'server', $8)`,
    values: [
      gift.giftRequestId,
      gift.broadcasterId,
      request.viewerId,
      request.viewerDisplayName,
      request.characterName,
      origin,
      NEW_GIFT.state,
      new Date(request.receivedAt),
      JSON.stringify(request.timings),
    ],
  });
  return gift;
}

/** Whether the viewer may ask; holds their right until the transaction ends. */
async function judge(client: Queryable, request: NewGift): Promise<Refusal | null> {
  await lockGiftViewer(client, request.broadcasterId, request.viewerId);
  const row = firstRow(
    await client.query<{ used: boolean; active: boolean }>({
      name: "judge-gift",
      text: `select
          exists (select from gift_use where broadcaster_id = $1 and twitch_user_id = $2) as used,
          exists (select from gift_requests gift where broadcaster_id = $1 and twitch_user_id = $2
                     and ${isOpen("gift")}) as active`,
      values: [request.broadcasterId, request.viewerId],
    }),
  );
  if (row?.used) return refuse("gift_already_used");
  return row?.active ? refuse("gift_request_active") : null;
}
