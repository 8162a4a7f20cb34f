import { setTimeout as delay } from "node:timers/promises";
import type { TwitchAccess } from "../twitch-access.ts";
import type { NeededGrant } from "./scopes.ts";
import {
  type AuthAnswer,
  type DeviceCode,
  type IssuedUserTokens,
  redeemDeviceCode,
  requestDeviceCode,
  validateToken,
} from "./user-tokens.external.ts";

/** How a login ended. `wrong_account`: somebody else was logged in at Twitch. */
export type LoginResult =
  | { readonly kind: "granted"; readonly tokens: IssuedUserTokens }
  | { readonly kind: "wrong_account"; readonly twitchUserId: string }
  | { readonly kind: "expired" }
  | { readonly kind: "failed"; readonly reason: string };

const PENDING = "authorization_pending";

/**
 * Lets an account grant us what we need: shows a code, and waits until it was typed in on Twitch's page. An answer that
 * does not come is asked for again until the code's end.
 */
export async function deviceLogin(
  access: TwitchAccess,
  needed: NeededGrant,
  show: (code: DeviceCode) => void,
): Promise<LoginResult> {
  const begun = await requestDeviceCode(access, needed.scopes);
  if (begun.kind !== "answered") return failedBy(begun);
  const code = begun.value;
  show(code);
  const until = Date.now() + code.expiresInMs;
  for (;;) {
    if (Date.now() + code.intervalMs > until) return { kind: "expired" };
    await delay(code.intervalMs);
    const answer = await redeemDeviceCode(access, code.deviceCode, needed.scopes);
    if (answer.kind === "answered") return await checkAccount(access, needed, answer.value);
    if (answer.kind === "refused" && answer.message.toLowerCase() !== PENDING) return failedBy(answer);
  }
}

async function checkAccount(access: TwitchAccess, needed: NeededGrant, tokens: IssuedUserTokens): Promise<LoginResult> {
  const owner = await validateToken(access, tokens.accessToken);
  if (owner.kind !== "answered") return failedBy(owner);
  const { twitchUserId, scopes } = owner.value;
  if (twitchUserId !== needed.twitchUserId) return { kind: "wrong_account", twitchUserId };
  return { kind: "granted", tokens: { ...tokens, scopes } };
}

function failedBy(answer: Exclude<AuthAnswer<never>, { kind: "answered" }>): LoginResult {
  return {
    kind: "failed",
    reason: answer.kind === "failed" ? answer.reason : answer.message || `http_${answer.status}`,
  };
}
