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
    botUserId: settings.TWITCH_BOT_USER_ID ?? null,
    timeoutMs: twitchDefaults.timeoutMs,
  });
}

/** What is known of the grants that broadcasters and the bot gave us, each channel's for itself. */
export interface Grants {
  /** A token of the broadcaster's. */
  broadcasterToken(broadcasterId: string, deadline: AbortSignal): Promise<UserToken>;
  /** The grants that somebody must still give, by name. */
  missing(broadcasterId: string): Promise<string[]>;
  /** Asks Twitch whether they still stand, when it is time. */
  validate(broadcasterId: string): Promise<void>;
}

/** The grants. Without an application nothing is needed, without a key nothing can be kept. */
export function grantsFromSettings(
  settings: CommonSettings,
  parts: { readonly database: Database; readonly access: TwitchAccess; readonly log: Logger },
): Grants {
  const none = { broadcasterToken: async () => ({ kind: "never_granted" }) as const, validate: async () => undefined };
  if (settings.TWITCH_CLIENT_ID === undefined) return { ...none, missing: async () => [] };
  if (settings.TOKEN_ENCRYPTION_KEY.length === 0) {
    const all = (broadcasterId: string) =>
      neededGrants(parts.access.settings, broadcasterId).flatMap(({ account, scopes }) =>
        scopes.map((scope) => grantName(account, scope)),
      );
    return { ...none, missing: async (broadcasterId) => all(broadcasterId) };
  }
  const store = new GrantStore({ ...parts, seal: new TokenSeal(settings.TOKEN_ENCRYPTION_KEY) });
  return {
    broadcasterToken: (broadcasterId, deadline) => store.get({ broadcasterId, twitchUserId: broadcasterId }, deadline),
    missing: (broadcasterId) => store.missing(broadcasterId),
    validate: (broadcasterId) => store.validate(broadcasterId),
  };
}

/** The settings that say how to ask Twitch whether viewers subscribe, and whether to ask at all. */
export type SubscriberSettings = CommonSettings & { readonly DEV_SKIP_SUBSCRIBER_CHECK: boolean };

/** The subscriber check that the settings describe; `unconfigured` where it is skipped. */
export function subscribersFromSettings(
  settings: SubscriberSettings,
  parts: { readonly database: Database; readonly log: Logger },
): SubscriberCheck {
  if (settings.DEV_SKIP_SUBSCRIBER_CHECK) return async () => "unconfigured";
  const access = twitchFromSettings(settings);
  const { broadcasterToken } = grantsFromSettings(settings, { ...parts, access });
  return subscriberCheck(access, { getBroadcasterToken: broadcasterToken });
}
