/** Everything that talking to Twitch depends on, whichever channel it is about: that is for every call to say. */
export type TwitchSettings = {
  /** Null without a Twitch application: then only a simulated Twitch is ever called. */
  clientId: string | null;
  clientSecret: string | null;
  /** Other than the default in development only. */
  helixUrl: string;
  authUrl: string;
  /** Who speaks and reads in chat; null lets the broadcaster's own account do it. */
  botUserId: string | null;
  /** Deadline of one chat message and of one token request. */
  timeoutMs: number;
};

/** Where Twitch is, and how long it may take. */
export const twitchDefaults = {
  helixUrl: "https://api.twitch.tv/helix",
  authUrl: "https://id.twitch.tv/oauth2",
  timeoutMs: 5_000,
} as const;

/** Stands for both client id and token where Twitch is simulated. */
export const SIMULATED = "simulated";

/** The client id that goes with every token of these settings. */
export function twitchClientId(settings: Pick<TwitchSettings, "clientId">): string {
  return settings.clientId ?? SIMULATED;
}

/** Whether there is a Twitch to ask: with an application's credentials any, without an application a simulated one. */
export function canAskTwitch(settings: Pick<TwitchSettings, "clientId" | "clientSecret" | "helixUrl">): boolean {
  return settings.clientId === null ? settings.helixUrl !== twitchDefaults.helixUrl : settings.clientSecret !== null;
}

/** The account that speaks and reads in the broadcaster's chat. */
export function chatUserId({ botUserId }: Pick<TwitchSettings, "botUserId">, broadcasterId: string): string {
  return botUserId ?? broadcasterId;
}
