import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { CommonSettings } from "../settings.ts";
import type { UserToken } from "./grants/grant-store.ts";
import { GrantStore } from "./grants/grant-store.ts";
import { grantName, neededGrants } from "./grants/scopes.ts";
import { TokenSeal } from "./grants/token-seal.ts";
import { type SubscriberCheck, subscriberCheck } from "./subscriptions.ts";
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

/** What is known of the grants that broadcaster and bot gave us. */
export interface Grants {
  /** A token of the broadcaster's. */
  broadcasterToken(deadline: AbortSignal): Promise<UserToken>;
  /** The grants that somebody must still give, by name. */
  missing(): Promise<string[]>;
  /** Asks Twitch whether they still stand, when it is time. */
  validate(): Promise<void>;
}

/** The grants of the settings' channel. Without an application nothing is needed, without a key nothing can be kept. */
export function grantsFromSettings(
  settings: CommonSettings,
  parts: { readonly database: Database; readonly access: TwitchAccess; readonly log: Logger },
): Grants {
  const none = { broadcasterToken: async () => ({ kind: "never_granted" }) as const, validate: async () => undefined };
  if (settings.TWITCH_CLIENT_ID === undefined) return { ...none, missing: async () => [] };
  const needed = neededGrants(parts.access.settings);
  if (settings.TOKEN_ENCRYPTION_KEY.length === 0) {
    const all = needed.flatMap(({ account, scopes }) => scopes.map((scope) => grantName(account, scope)));
    return { ...none, missing: async () => all };
  }
  const store = new GrantStore({ ...parts, seal: new TokenSeal(settings.TOKEN_ENCRYPTION_KEY) });
  return {
    broadcasterToken: (deadline) => store.get(settings.TWITCH_BROADCASTER_ID, deadline),
    missing: () => store.missing(),
    validate: () => store.validate(),
  };
}

/** The settings that say how to ask Twitch whether viewers subscribe, and whether to ask at all. */
export type SubscriberSettings = CommonSettings & { readonly DEV_SKIP_SUBSCRIBER_CHECK: boolean };

/** The subscriber check of the settings' channel; `unconfigured` where it is skipped. */
export function subscribersFromSettings(
  settings: SubscriberSettings,
  parts: { readonly database: Database; readonly log: Logger },
): SubscriberCheck {
  if (settings.DEV_SKIP_SUBSCRIBER_CHECK) return async () => "unconfigured";
  const access = twitchFromSettings(settings);
  const { broadcasterToken } = grantsFromSettings(settings, { ...parts, access });
  return subscriberCheck(access, { getBroadcasterToken: broadcasterToken });
}
