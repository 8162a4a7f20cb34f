import { chatUserId, type TwitchSettings } from "../twitch-settings.ts";

/* What we ask people's accounts for, and no more.
 *
 *   the chat account   user:read:chat, user:write:chat, user:bot   reading the channel's chat and announcing in it
 *   the broadcaster    channel:bot                                 letting that account do so in this channel
 *                      channel:read:subscriptions                  telling who subscribes
 *
 * Reading and announcing happen with the application's own token, for which these grants only have to exist.
 */

const CHAT_SCOPES = ["user:read:chat", "user:write:chat", "user:bot"] as const;
const CHANNEL_SCOPES = ["channel:bot", "channel:read:subscriptions"] as const;

/** An account that must log in, and what it must grant. */
export interface NeededGrant {
  readonly account: "broadcaster" | "bot";
  readonly twitchUserId: string;
  readonly scopes: readonly string[];
}

/** Who must grant what for a channel; the broadcaster alone where no other account speaks in chat. */
export function neededGrants(settings: Pick<TwitchSettings, "botUserId">, broadcasterId: string): NeededGrant[] {
  const speaker = chatUserId(settings, broadcasterId);
  if (speaker === broadcasterId) {
    return [{ account: "broadcaster", twitchUserId: broadcasterId, scopes: [...CHANNEL_SCOPES, ...CHAT_SCOPES] }];
  }
  return [
    { account: "broadcaster", twitchUserId: broadcasterId, scopes: CHANNEL_SCOPES },
    { account: "bot", twitchUserId: speaker, scopes: CHAT_SCOPES },
  ];
}

/** How a grant is called where missing ones are listed: `bot:user:write:chat`. */
export function grantName(account: NeededGrant["account"], scope: string): string {
  return `${account}:${scope}`;
}
