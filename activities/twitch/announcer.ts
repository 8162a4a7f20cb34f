import type { PostToChat } from "../announce.ts";
import { sendChatMessage } from "./send-chat-message.ts";
import type { TwitchAccess } from "./twitch-access.ts";

/** Posts announcements into the channel's chat through Helix. */
export function chatPoster(access: TwitchAccess): PostToChat {
  return ({ text }) => sendChatMessage(access, { message: text });
}
