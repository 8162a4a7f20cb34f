import { callTwitchApiRaw, type TwitchApiCallFetchOptions } from "@twurple/api-call";
import { type AccessToken, accessTokenIsExpired } from "@twurple/auth";
import { callFailure } from "./call-failure.ts";
import { tokenAnswer } from "./helix.external.ts";
import { SIMULATED, type TwitchSettings, twitchDefaults } from "./twitch-settings.ts";

/** A token for calls in the application's own name. */
export type AppToken = { clientId: string; accessToken: string };

/** The application's token, taken when first needed and kept until it ends. */
export type AppTokens = {
  /** Rejects with {@link AppTokenError} when there is none to be had. */
  get(): Promise<AppToken>;
  /** Forgets this token, if it is still the one kept, because Twitch refused it. */
  drop(accessToken: string): void;
};

/** No app access token; its cause stays out on purpose, since it may quote an address with the client secret in it. */
export class AppTokenError extends Error {
  override readonly name = "AppTokenError";
  /** `unconfigured`, `http_<status>`, `timeout`, `unreachable`, `reset` or `unreadable_answer`. */
  readonly reason: string;

  constructor(reason: string) {
    super(`no app access token: ${reason}`);
    this.reason = reason;
  }
}

/**
 * App access tokens for these settings.
 *
 * The token request is made here because the exchange function of @twurple takes neither a deadline nor a dispatcher,
 * and because its errors quote the request's address, client secret included.
 */
export function appTokens(
  settings: TwitchSettings,
  fetchOptions: (signal: AbortSignal) => TwitchApiCallFetchOptions,
): AppTokens {
  const { clientId, clientSecret, timeoutMs } = settings;
  if (clientId === null) return simulatedTokens(settings);

  let kept: AccessToken | null = null;
  let underWay: Promise<AccessToken> | null = null;

  const take = async (): Promise<AccessToken> => {
    if (clientSecret === null) throw new AppTokenError("unconfigured");
    kept = await requestToken(clientId, clientSecret, fetchOptions(AbortSignal.timeout(timeoutMs)));
    return kept;
  };

  return {
    get: async () => {
      if (kept && !accessTokenIsExpired(kept)) return { clientId, accessToken: kept.accessToken };
      underWay ??= take().finally(() => {
        underWay = null;
      });
      return { clientId, accessToken: (await underWay).accessToken };
    },
    drop: (accessToken) => {
      if (kept?.accessToken === accessToken) kept = null;
    },
  };
}

function simulatedTokens(settings: TwitchSettings): AppTokens {
  return {
    get: async () => {
      // Without an application there is nothing to ask the real Twitch with.
      if (settings.helixUrl === twitchDefaults.helixUrl) throw new AppTokenError("unconfigured");
      return { clientId: SIMULATED, accessToken: SIMULATED };
    },
    drop: () => undefined,
  };
}

async function requestToken(
  clientId: string,
  clientSecret: string,
  fetchOptions: TwitchApiCallFetchOptions,
): Promise<AccessToken> {
  const query = { client_id: clientId, client_secret: clientSecret, grant_type: "client_credentials" };
  const call = { type: "auth", url: "token", method: "POST", query } as const;
  let response: Response;
  let body: unknown;
  try {
    response = await callTwitchApiRaw(call, undefined, undefined, undefined, fetchOptions);
    body = await response.json().catch(() => undefined);
  } catch (error) {
    throw new AppTokenError(callFailure(error));
  }
  if (!response.ok) throw new AppTokenError(`http_${response.status}`);
  const answer = tokenAnswer.safeParse(body);
  if (!answer.success) throw new AppTokenError("unreadable_answer");
  return {
    accessToken: answer.data.access_token,
    refreshToken: null,
    scope: [],
    expiresIn: answer.data.expires_in ?? null,
    obtainmentTimestamp: Date.now(),
  };
}
