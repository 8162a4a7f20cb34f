import { requestGiftByChat } from "@mgm/activities/db/gift/request-gift";
import type { ChatEnrolment } from "@mgm/activities/db/pool/enroll-by-chat";
import { beginGift } from "../gifts/begin.ts";
import type { ChatDependencies } from "./act-on-chat.ts";

/**
 * Adds the gift request that a subscriber's `!twgift` asks for. Its committed row is the effect; the workflow, and the
 * question to Twitch whether the badges are right, follow from it without anybody waiting. Returns what became of it.
 */
export async function requestByChat(
  deps: ChatDependencies,
  message: Omit<ChatEnrolment, "characterName">,
  characterName: string,
): Promise<string> {
  const { broadcasterId, twitchUserId: viewerId, twitchDisplayName: viewerDisplayName, receivedAt } = message;
  const wish = { broadcasterId, viewerId, viewerDisplayName, characterName, receivedAt, timings: deps.timings };
  const result = await requestGiftByChat(deps.database, wish, message);
  if (result.kind === "requested") beginGift(deps, result.gift);
  return result.kind === "refused" ? result.code : result.kind;
}
