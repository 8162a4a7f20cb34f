import type { TwitchApiCallFetchOptions } from "@twurple/api-call";
import type { Dispatcher } from "undici";
import { type AppTokens, appTokens } from "./app-token.ts";
import { rebasingDispatcher } from "./rebase.ts";
import type { TwitchSettings } from "./twitch-settings.ts";

declare module "@twurple/api-call" {
  // The library leaves it to its user to say which options the fetch of this platform takes.
  interface TwitchApiCallFetchOptions {
    dispatcher?: Dispatcher;
    signal?: AbortSignal;
    redirect?: "follow" | "error" | "manual";
  }
}

/** What every call to Twitch needs; one per process, because it holds the token and the connections. */
export type TwitchAccess = {
  settings: TwitchSettings;
  appTokens: AppTokens;
  /** For @twurple; the signal is good for one operation only, as an ended one stays ended. */
  fetchOptions(signal: AbortSignal): TwitchApiCallFetchOptions;
};

/** Access to the Twitch of these settings; asks nothing of it yet. */
export function twitchAccess(settings: TwitchSettings): TwitchAccess {
  const dispatcher = rebasingDispatcher(settings);
  const fetchOptions = (signal: AbortSignal): TwitchApiCallFetchOptions => ({
    signal,
    // Fetch repeats a POST when it is redirected with 307 or 308.
    redirect: "manual",
    ...(dispatcher && { dispatcher }),
  });
  return { settings, appTokens: appTokens(settings, fetchOptions), fetchOptions };
}
