import {
  commonSettings,
  type Environment,
  flag,
  isStandardBase64,
  list,
  listeningSettings,
  portSetting,
  productionFaults,
  readSettings,
  temporalFaults,
} from "@mgm/activities/settings";
import { isId } from "@mgm/domain/instant";
import { z } from "zod";
import type { LimitSettings } from "./limits/rate-limits.ts";

const SHORTEST_SECRET = 16;

const perMinute = (count: number) => z.coerce.number().int().min(1).default(count);

/** How each of the API's settings is read. */
export const apiSettings = commonSettings.extend({
  ...listeningSettings,
  PORT: portSetting(8080),
  TWITCH_EXTENSION_SECRETS: list.refine((secrets) => secrets.length > 0 && secrets.every(isStandardBase64), {
    message: "needs at least one secret, each in standard base64",
  }),
  TWITCH_EXTENSION_CLIENT_ID: z.string().optional(),
  TWITCH_EXTENSION_OWNER_ID: z.string().min(1).max(64).optional(),
  TWITCH_EVENTSUB_SECRET: z.string().default(""),
  DESKTOP_API_KEYS: list.refine((keys) => keys.length > 0 && keys.every((key) => !/^:|:$/.test(key)), {
    message: "needs at least one key, each as <key> or <broadcasterId>:<key>",
  }),
  LIMIT_WRITES: perMinute(5),
  LIMIT_READS: perMinute(60),
  LIMIT_DESKTOP: perMinute(600),
  LIMIT_MODERATOR: perMinute(60),
  PUBLIC_URL: z.url().optional(),
  ALLOWED_ORIGINS: list,
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  DEV_SKIP_SUBSCRIBER_CHECK: flag,
});

/** The API's settings. */
export type ApiConfig = z.output<typeof apiSettings>;

/** Reads and judges the API's settings; all faults are told together. */
export function readApiConfig(environment: Environment): ApiConfig {
  return readSettings(apiSettings, environment, [productionFaults, temporalFaults, secretFaults]);
}

function secretFaults(config: Partial<ApiConfig>): string[] {
  if (config.NODE_ENV !== "production") return [];
  const faults: string[] = [];
  const { TWITCH_EVENTSUB_SECRET: eventSub, DESKTOP_API_KEYS: keys, TWITCH_EXTENSION_SECRETS: extension } = config;
  if (eventSub !== undefined && eventSub.length < SHORTEST_SECRET) {
    faults.push(`TWITCH_EVENTSUB_SECRET: production needs at least ${SHORTEST_SECRET} characters`);
  }
  if (config.DEV_SKIP_SUBSCRIBER_CHECK) faults.push("DEV_SKIP_SUBSCRIBER_CHECK: production does not skip it");
  if (keys?.some((item) => keyOf(item).length < SHORTEST_SECRET)) {
    faults.push(`DESKTOP_API_KEYS: production needs at least ${SHORTEST_SECRET} characters in each`);
  }
  if (extension?.some((secret) => Buffer.from(secret, "base64").length < SHORTEST_SECRET)) {
    faults.push(`TWITCH_EXTENSION_SECRETS: production needs at least ${SHORTEST_SECRET} bytes in each`);
  }
  if (config.TWITCH_CLIENT_ID !== undefined && config.TOKEN_ENCRYPTION_KEY?.length === 0) {
    faults.push("TOKEN_ENCRYPTION_KEY: production keeps no Twitch token without one");
  }
  return faults;
}

/** The key of `<key>` and of `<broadcasterId>:<key>`. */
function keyOf(item: string): string {
  return item.slice(item.indexOf(":") + 1);
}

/** The desktop keys and the broadcaster that each belongs to. */
export function desktopKeys(
  config: Pick<ApiConfig, "DESKTOP_API_KEYS" | "TWITCH_BROADCASTER_ID">,
): { readonly broadcasterId: string; readonly key: string }[] {
  return config.DESKTOP_API_KEYS.map((item) => {
    const colon = item.indexOf(":");
    return { broadcasterId: colon < 0 ? config.TWITCH_BROADCASTER_ID : item.slice(0, colon), key: keyOf(item) };
  });
}

/** The limits, as the counters want them. */
export function limitSettings(config: ApiConfig): LimitSettings {
  return {
    viewerWrites: config.LIMIT_WRITES,
    viewerReads: config.LIMIT_READS,
    desktopRequests: config.LIMIT_DESKTOP,
    moderatorWrites: config.LIMIT_MODERATOR,
    trustedProxyHops: config.TRUSTED_PROXY_HOPS,
  };
}

/** The id of a desktop as its header gives it; null when it has not the shape of one. */
export function parseDesktopId(header: string): string | null {
  return isId(header) ? header.toLowerCase() : null;
}
