import type { CommonSettings } from "../settings.ts";
import { type TwitchAccess, twitchAccess } from "./twitch-access.ts";
import { twitchDefaults } from "./twitch-settings.ts";

/** Access to the Twitch that the settings name. */
export function twitchFromSettings(settings: CommonSettings): TwitchAccess {
  return twitchAccess({
    clientId: settings.TWITCH_CLIENT_ID ?? null,
    clientSecret: settings.TWITCH_CLIENT_SECRET ?? null,
    helixUrl: settings.TWITCH_HELIX_URL,
    authUrl: settings.TWITCH_AUTH_URL,
    broadcasterId: settings.TWITCH_BROADCASTER_ID,
    botUserId: settings.TWITCH_BOT_USER_ID ?? null,
    timeoutMs: twitchDefaults.timeoutMs,
  });
}
