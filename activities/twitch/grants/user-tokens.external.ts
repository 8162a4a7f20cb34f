import { callTwitchApiRaw } from "@twurple/api-call";
import * as z from "zod";
import { callFailure } from "../call-failure.ts";
import { errorAnswer } from "../helix.external.ts";
import type { TwitchAccess } from "../twitch-access.ts";
import type { UserTokens } from "./token-seal.ts";

/** What the identity server gave out. */
export interface IssuedUserTokens extends UserTokens {
  readonly scopes: readonly string[];
  readonly expiresInMs: number;
}

/** An answer of the identity server, or why there is none: `http_<status>`, a network failure, `unreadable_answer`. */
export type AuthAnswer<Value> =
  | { readonly kind: "answered"; readonly value: Value }
  | { readonly kind: "refused"; readonly status: number; readonly message: string }
  | { readonly kind: "failed"; readonly reason: string };

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** Twitch leaves the life of a token out now and then; it is asked again soon enough. */
const DEFAULT_LIFE_SECONDS = 3_600;

const issuedTokens = z
  .object({
    access_token: z.string().min(1),
    refresh_token: z.string().min(1),
    expires_in: z.number().nullish(),
    scope: z.array(z.string()).nullish(),
  })
  .transform(
    (answer): IssuedUserTokens => ({
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token,
      scopes: answer.scope ?? [],
      expiresInMs: (answer.expires_in ?? DEFAULT_LIFE_SECONDS) * 1000,
    }),
  );

const deviceCode = z
  .object({
    device_code: z.string().min(1),
    user_code: z.string().min(1),
    verification_uri: z.string().min(1),
    expires_in: z.number(),
    interval: z.number().nullish(),
  })
  .transform((answer) => ({
    deviceCode: answer.device_code,
    userCode: answer.user_code,
    verificationUri: answer.verification_uri,
    expiresInMs: answer.expires_in * 1000,
    intervalMs: (answer.interval ?? 5) * 1000,
  }));

/** A code that somebody types in on Twitch's page. */
export type DeviceCode = z.output<typeof deviceCode>;

const validatedToken = z
  .object({ user_id: z.string().min(1), scopes: z.array(z.string()).nullish() })
  .transform((answer) => ({ twitchUserId: answer.user_id, scopes: answer.scopes ?? [] }));

/** Begins a login on another device. */
export function requestDeviceCode(access: TwitchAccess, scopes: readonly string[]): Promise<AuthAnswer<DeviceCode>> {
  return post(access, "device", { scopes: scopes.join(" ") }, deviceCode);
}

/** Asks whether the login is done; refused with `authorization_pending` until it is. */
export function redeemDeviceCode(
  access: TwitchAccess,
  code: string,
  scopes: readonly string[],
): Promise<AuthAnswer<IssuedUserTokens>> {
  const query = { device_code: code, scopes: scopes.join(" "), grant_type: DEVICE_GRANT };
  return post(access, "token", query, issuedTokens);
}

/** Trades a refresh token in for new tokens. */
export function refreshTokens(access: TwitchAccess, refreshToken: string): Promise<AuthAnswer<IssuedUserTokens>> {
  return post(access, "token", { refresh_token: refreshToken, grant_type: "refresh_token" }, issuedTokens);
}

/** Whose token it is and what it may; refused with 401 when it is no more. */
export function validateToken(access: TwitchAccess, accessToken: string) {
  return ask(access, { url: "validate", method: "GET", query: {} }, validatedToken, accessToken);
}

function post<Value>(access: TwitchAccess, url: string, query: Record<string, string>, schema: z.ZodType<Value>) {
  const { clientId, clientSecret } = access.settings;
  const client = { client_id: clientId ?? "", ...(clientSecret === null ? {} : { client_secret: clientSecret }) };
  return ask(access, { url, method: "POST", query: { ...client, ...query } }, schema);
}

/** One request, tried once. What goes wrong is told without the address: secrets stand in its query. */
async function ask<Value>(
  access: TwitchAccess,
  call: { url: string; method: "GET" | "POST"; query: Record<string, string> },
  schema: z.ZodType<Value>,
  accessToken?: string,
): Promise<AuthAnswer<Value>> {
  try {
    const options = access.fetchOptions(AbortSignal.timeout(access.settings.timeoutMs));
    const response = await callTwitchApiRaw({ type: "auth", ...call }, undefined, accessToken, "OAuth", options);
    const body: unknown = await response.json().catch(() => undefined);
    if (response.status >= 400 && response.status < 500 && response.status !== 429) {
      const message = errorAnswer.safeParse(body).data?.message ?? "";
      return { kind: "refused", status: response.status, message };
    }
    if (!response.ok) return { kind: "failed", reason: `http_${response.status}` };
    const answer = schema.safeParse(body);
    return answer.success ? { kind: "answered", value: answer.data } : { kind: "failed", reason: "unreadable_answer" };
  } catch (error) {
    return { kind: "failed", reason: callFailure(error) };
  }
}
