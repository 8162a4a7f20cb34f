import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventSubSender } from "@mgm/simulator/twitch/eventsub";
import { extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { idSource } from "@mgm/simulator/twitch/ids";
import { badges } from "@mgm/simulator/twitch/viewers";
import { freePorts } from "../engines/free-port.ts";
import { waitUntilReady } from "../start/readiness.ts";

/* The whole product as `npm start` brings it up, without limits that would be all that is ever seen of it. */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CHANNEL = "1001";
const READY_WITHIN_MS = 120_000;
const DRAWN_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;
const NO_LIMIT = "1000000";
/** Soon a candidate, and then none for a long time. */
const TIMINGS = { intervalMs: 20_000, wheelMs: 1_000, graceMs: 10_000, slackMs: 1_000 };

/** A running product and ways to be let in. */
export interface Target {
  readonly apiUrl: string;
  readonly broadcasterToken: string;
  readonly viewerToken: string;
  readonly desktopKey: string;
  /** Things that exist. */
  readonly known: { readonly payoutId: string; readonly giftRequestId: string; readonly channel: string };
  /** What the API logged as an error of its own. */
  loggedDefects(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts the product in this folder and lets somebody win. */
export async function startTarget(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const desktopKey = randomBytes(16).toString("hex");
  const extensionSecret = randomBytes(32).toString("base64");
  const eventSubSecret = randomBytes(16).toString("hex");
  const dataDir = join(folder, "data");
  const settings = {
    DATA_DIR: dataDir,
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    TWITCH_BROADCASTER_ID: CHANNEL,
    TWITCH_BOT_USER_ID: "1002",
    TWITCH_EXTENSION_SECRETS: extensionSecret,
    TWITCH_EVENTSUB_SECRET: eventSubSecret,
    DESKTOP_API_KEYS: desktopKey,
    DEV_SKIP_SUBSCRIBER_CHECK: "true",
    TIMINGS: JSON.stringify(TIMINGS),
    LIMIT_WRITES: NO_LIMIT,
    LIMIT_READS: NO_LIMIT,
    LIMIT_DESKTOP: NO_LIMIT,
    LIMIT_MODERATOR: NO_LIMIT,
  };
  const child = spawn(process.execPath, ["--import", "tsx", "temporal/start/main.ts", "--no-story"], {
    cwd: ROOT,
    env: { ...environment, ...settings },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  try {
    const apiUrl = `http://127.0.0.1:${port}`;
    const ready = { withinMs: READY_WITHIN_MS, signal: AbortSignal.timeout(READY_WITHIN_MS) };
    if ((await waitUntilReady(apiUrl, ({ status }) => status === "ok", ready)) === null) throw new Error("not ready");
    const tokenOf = (user: Parameters<typeof extensionJwt>[0]) =>
      extensionJwt(user, { secret: extensionSecret, channelId: CHANNEL, expiresInSeconds: 86_400 });
    return {
      apiUrl,
      broadcasterToken: await tokenOf({ role: "broadcaster" }),
      viewerToken: await tokenOf({ role: "viewer", userId: "77" }),
      desktopKey,
      known: {
        payoutId: await letSomebodyWin(apiUrl, desktopKey, eventSubSecret),
        giftRequestId: await askForGift(apiUrl, await tokenOf({ role: "viewer", userId: "78" })),
        channel: CHANNEL,
      },
      async loggedDefects() {
        const log = await readFile(join(dataDir, "logs", "api.log"), "utf8");
        return log.split("\n").filter((line) => /"level":(50|60)/.test(line) || /unhandled/i.test(line));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function letSomebodyWin(apiUrl: string, desktopKey: string, secret: string): Promise<string> {
  const chat = eventSubSender({
    callbackUrl: `${apiUrl}/api/twitch/eventsub`,
    secret,
    broadcasterId: CHANNEL,
    botUserId: "1002",
    newId: idSource(),
  });
  const chatter = { id: "76", login: "winner", displayName: "Winner" };
  await chat.say({ chatter, text: "!twgold Norinn", badges: [badges.subscriber(1)] });
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${apiUrl}${path}`, {
      ...init,
      headers: { "X-MGM-ApiKey": desktopKey, "Content-Type": "application/json" },
    });
  const until = Date.now() + DRAWN_WITHIN_MS;
  for (;;) {
    const response = await ask("/api/roulette/candidate");
    if (response.status === 200) {
      const { spinCycleId, characterName } = (await response.json()) as Record<string, string>;
      const report = { schemaVersion: 1, spinCycleId, characterName, online: true, capturedAt: new Date() };
      const answer = await ask("/api/roulette/verify-candidate", { method: "POST", body: JSON.stringify(report) });
      return ((await answer.json()) as { payoutId: string }).payoutId;
    }
    if (Date.now() > until) throw new Error("nobody was drawn");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function askForGift(apiUrl: string, token: string): Promise<string> {
  const response = await fetch(`${apiUrl}/api/gift-requests`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ streamerId: CHANNEL, characterName: "Garona" }),
  });
  return ((await response.json()) as { id: string }).id;
}
