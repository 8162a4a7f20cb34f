import type { PostToChat } from "../announce.ts";
import { sendChatMessage } from "./send-chat-message.ts";
import type { TwitchAccess } from "./twitch-access.ts";

/** Posts announcements into chats through Helix. */
export function chatPoster(access: TwitchAccess): PostToChat {
  return ({ broadcasterId, text }) => sendChatMessage(access, { broadcasterId, message: text });
}
