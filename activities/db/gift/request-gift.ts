import { randomUUID } from "node:crypto";
import { NEW_GIFT } from "@mgm/domain/gift";
import { type Refusal, type RefusalCode, refuse } from "@mgm/domain/refusal";
import type { Timings } from "@mgm/domain/timings";
import { type Database, firstRow, type Queryable, transact, violates } from "../database.ts";
import { type CommandMessage, keepCommandMessage } from "../pool/enroll-by-chat.ts";
import { type Gift, type GiftOrigin, getGift, isOpen } from "./gift-row.ts";
import { lockGiftArrival, lockGiftViewer } from "./locks.ts";
import { appendGiftEvent } from "./write-event.ts";

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
    return await transact(database, (client) => addGift(client, request, "http"));
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

class Replayed extends Error {}

/** Adds a request from chat in one transaction that also keeps the message's id and result. */
export async function requestGiftByChat(
  database: Database,
  request: NewGift,
  message: CommandMessage,
): Promise<ChatGiftResult> {
  try {
    return await transact(database, async (client) => {
      const result = await addGift(client, request, "chat");
      // Written last: when the id is there already, everything above is rolled back.
      const isFirst = await keepCommandMessage(client, message, "twgift", result.ok ? "requested" : result.code);
      if (!isFirst) throw new Replayed();
      return result.ok ? { kind: "requested", gift: result.gift } : { kind: "refused", code: result.code };
    });
  } catch (error) {
    if (error instanceof Replayed) return { kind: "replayed" };
    throw error;
  }
}

async function addGift(client: Queryable, request: NewGift, origin: GiftOrigin): Promise<GiftRequestResult> {
  await lockGiftViewer(client, request.broadcasterId, request.viewerId);
  const refusal = await judge(client, request);
  if (refusal !== null) return refusal;
  const gift = { broadcasterId: request.broadcasterId, giftRequestId: randomUUID() };
  const at = new Date(request.receivedAt);
  await lockGiftArrival(client, request.broadcasterId);
  await client.query(
    `insert into gift_requests (gift_request_id, broadcaster_id, twitch_user_id, twitch_display_name, character_name,
        origin, state, created_at, updated_at, timings)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
    [
      gift.giftRequestId,
      request.broadcasterId,
      request.viewerId,
      request.viewerDisplayName,
      request.characterName,
      origin,
      NEW_GIFT.state,
      at,
      JSON.stringify(request.timings),
    ],
  );
  const entry = { event: "requested", state: NEW_GIFT.state, reason: null, cause: "server", desktopId: null } as const;
  await appendGiftEvent(client, gift, { ...entry, at: request.receivedAt });
  return { ok: true, gift: await getGift(client, gift) };
}

async function judge(client: Queryable, request: NewGift): Promise<Refusal | null> {
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
