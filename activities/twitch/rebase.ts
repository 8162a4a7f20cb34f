import { Agent, type Dispatcher } from "undici";
import { type TwitchSettings, twitchDefaults } from "./twitch-settings.ts";

type BaseUrls = Pick<TwitchSettings, "helixUrl" | "authUrl">;

/**
 * A fetch dispatcher that sends what was meant for Twitch to the configured addresses; null when those are Twitch's
 * own. @twurple has its addresses built in, and the switch that it offers wants one port on localhost and other paths.
 */
export function rebasingDispatcher(settings: BaseUrls): Dispatcher | null {
  const rules = [
    rebaseRule(twitchDefaults.helixUrl, settings.helixUrl),
    rebaseRule(twitchDefaults.authUrl, settings.authUrl),
  ].filter((rule) => rule !== null);
  if (rules.length === 0) return null;

  return new Agent().compose((dispatch) => (options, handler) => {
    const target = `${options.origin}${options.path}`;
    for (const rule of rules) {
      const rebased = rule(target);
      if (rebased) {
        return dispatch({ ...options, origin: rebased.origin, path: `${rebased.pathname}${rebased.search}` }, handler);
      }
    }
    return dispatch(options, handler);
  });
}

/** Moves addresses below `from` to the same place below `to`; null when there is nothing to move. */
function rebaseRule(from: string, to: string): ((url: string) => URL | null) | null {
  const base = to.replace(/\/+$/, "");
  if (base === from) return null;
  return (url) => (url.startsWith(`${from}/`) ? new URL(`${base}${url.slice(from.length)}`) : null);
}
