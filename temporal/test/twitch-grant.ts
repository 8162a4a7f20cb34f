import { randomBytes } from "node:crypto";
import { twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { GrantStore } from "@mgm/activities/twitch/grants/grant-store";
import { TokenSeal } from "@mgm/activities/twitch/grants/token-seal";
import { readApiConfig } from "@mgm/api/config";
import { pino } from "pino";
import type { World } from "./world.ts";

const SCOPES = ["channel:read:subscriptions"];
const AN_HOUR_MS = 3_600_000;

/** Settings with which API and worker ask the simulated Twitch about subscriptions. */
export function twitchSettings(): Record<string, string> {
  return {
    TWITCH_CLIENT_ID: "our-client",
    TWITCH_CLIENT_SECRET: "our-client-secret",
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    DEV_SKIP_SUBSCRIBER_CHECK: "false",
  };
}

/** Lets the broadcaster of a world with {@link twitchSettings} log in. */
export async function grantSubscriptions(world: World): Promise<void> {
  const config = readApiConfig(world.environment);
  const access = twitchFromSettings(config);
  const seal = new TokenSeal(config.TOKEN_ENCRYPTION_KEY);
  const store = new GrantStore({ database: world.database, access, seal, log: pino({ level: "silent" }) });
  const { accessToken, refreshToken } = world.twitch.tokens.issueUser("our-client", world.broadcasterId, SCOPES);
  if (refreshToken === null) throw new Error("user tokens can be refreshed");
  const key = { broadcasterId: world.broadcasterId, twitchUserId: world.broadcasterId };
  await store.put(key, { accessToken, refreshToken, scopes: SCOPES, expiresInMs: AN_HOUR_MS });
}
