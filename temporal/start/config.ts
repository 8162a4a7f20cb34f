import { resolve } from "node:path";
import { type Environment, readEnvironment, readSettings, SettingsError } from "@mgm/activities/settings";
import { type ApiConfig, desktopKeys, readApiConfig } from "@mgm/api/config";
import { demoBot, demoBroadcaster } from "@mgm/simulator/twitch/viewers";
import { z } from "zod";
import { readWorkerConfig } from "../config.ts";
import { dataDir } from "./data-dir.ts";
import type { Flags } from "./flags.ts";
import { makeSecrets, type Secrets, tokenEncryptionKey } from "./secrets.ts";

/*
 * What a start is made of. The settings are those of worker and API; here stands only what is filled in where nobody
 * set anything: addresses of the engines, made-up secrets, the simulated Twitch, the demo's pace.
 *
 *   TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET ─► the real Twitch, no story
 *   TWITCH_HELIX_URL                          ─► that Twitch
 *   neither                                   ─► a simulated Twitch of our own
 */

const optional = z.string().optional();
/** What a start looks at before it fills the rest in. */
export const startSettings = z.object({
  DATA_DIR: dataDir,
  DATABASE_URL: optional,
  TEMPORAL_ADDRESS: optional,
  TIMINGS: optional,
  DESKTOP_API_KEYS: optional,
  PUBLIC_URL: optional,
  TWITCH_BROADCASTER_ID: optional,
  TWITCH_BOT_USER_ID: optional,
  TWITCH_CLIENT_ID: optional,
  TWITCH_CLIENT_SECRET: optional,
  TWITCH_EXTENSION_SECRETS: optional,
  TWITCH_HELIX_URL: optional,
});

/** Fast enough to watch, slow enough to read. */
const DEMO_TIMINGS = { intervalMs: 15_000, wheelMs: 4_000, graceMs: 5_000, slackMs: 1_000, resultMs: 5_000 };

/** What the settings ask us to bring up. */
export interface StartPlan {
  /** Absolute. */
  readonly dataDir: string;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  readonly namespace: string;
  readonly runsPostgres: boolean;
  readonly runsTemporal: boolean;
  readonly simulatesTwitch: boolean;
  readonly playsStory: boolean;
  readonly hasDemoTimings: boolean;
  /** What to mind about these settings, in whole sentences. */
  readonly remarks: readonly string[];
  /** The settings whose secrets are made up. */
  readonly madeUp: readonly string[];
  /** The settings of worker and API once everything that they depend on is known. */
  complete(parts: StartParts): CompleteSettings;
}

/** What is known only when it runs; null where the settings say it. */
export interface StartParts {
  readonly secrets: Secrets;
  readonly port: number | null;
  readonly databaseUrl: string | null;
  readonly temporalAddress: string | null;
  /** Where the extension's pages are served from, when that is us. */
  readonly pagesOrigin?: string | null;
  readonly twitch: { readonly helixUrl: string; readonly authUrl: string } | null;
}

/** Settings that worker and API accept. */
export interface CompleteSettings {
  readonly environment: Environment;
  readonly api: ApiConfig;
}

/** The environment of this process over `.env`. */
export function readStartEnvironment(): Environment {
  return readEnvironment(process.env);
}

/** Reads and judges everything before anything is started; throws a SettingsError that tells all faults. */
export function readStartPlan(environment: Environment, flags: Flags): StartPlan {
  const settings = readSettings(startSettings, environment);
  const hasCredentials = settings.TWITCH_CLIENT_ID !== undefined && settings.TWITCH_CLIENT_SECRET !== undefined;
  const simulatesTwitch = !hasCredentials && settings.TWITCH_HELIX_URL === undefined;
  const playsStory = !flags.noStory && !hasCredentials;
  const hasDemoTimings = playsStory && settings.TIMINGS === undefined;
  const runsPostgres = settings.DATABASE_URL === undefined;
  const runsTemporal = settings.TEMPORAL_ADDRESS === undefined;
  const isUnset = (name: string) => environment[name] === undefined && environment[`${name}_FILE`] === undefined;
  const madeUp = [
    ...(settings.DESKTOP_API_KEYS === undefined ? ["DESKTOP_API_KEYS"] : []),
    ...(settings.TWITCH_EXTENSION_SECRETS === undefined ? ["TWITCH_EXTENSION_SECRETS"] : []),
    // An empty one was chosen: it skips the signature, where that is allowed.
    ...(isUnset("TWITCH_EVENTSUB_SECRET") ? ["TWITCH_EVENTSUB_SECRET"] : []),
  ];

  const complete = ({
    secrets,
    port,
    databaseUrl,
    temporalAddress,
    pagesOrigin,
    twitch,
  }: StartParts): CompleteSettings => {
    const secretOf: Record<string, string> = {
      DESKTOP_API_KEYS: secrets.desktopApiKey,
      TWITCH_EXTENSION_SECRETS: secrets.extensionSecret,
      TWITCH_EVENTSUB_SECRET: secrets.eventSubSecret,
    };
    const needsDemoChannel = !hasCredentials && settings.TWITCH_BROADCASTER_ID === undefined;
    const needsDemoBot = simulatesTwitch && settings.TWITCH_BOT_USER_ID === undefined;
    const completed: Environment = {
      ...environment,
      ...(port === null ? {} : { PORT: String(port) }),
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
      ...(temporalAddress === null ? {} : { TEMPORAL_ADDRESS: temporalAddress }),
      ...(twitch === null ? {} : { TWITCH_HELIX_URL: twitch.helixUrl, TWITCH_AUTH_URL: twitch.authUrl }),
      ...(pagesOrigin == null || environment.ALLOWED_ORIGINS_FILE !== undefined
        ? {}
        : { ALLOWED_ORIGINS: [environment.ALLOWED_ORIGINS ?? "", pagesOrigin].filter((one) => one !== "").join(",") }),
      ...(needsDemoChannel ? { TWITCH_BROADCASTER_ID: demoBroadcaster.id } : {}),
      ...(needsDemoBot ? { TWITCH_BOT_USER_ID: demoBot.id } : {}),
      ...(hasDemoTimings ? { TIMINGS: JSON.stringify(DEMO_TIMINGS) } : {}),
      ...(isUnset("TOKEN_ENCRYPTION_KEY") ? { TOKEN_ENCRYPTION_KEY: tokenEncryptionKey(secrets) } : {}),
      ...Object.fromEntries(madeUp.map((name) => [name, secretOf[name]])),
    };
    return { environment: completed, api: readApiConfig(completed) };
  };

  const hasHalf = !hasCredentials && (settings.TWITCH_CLIENT_ID ?? settings.TWITCH_CLIENT_SECRET) !== undefined;
  const faults = [
    ...(hasHalf && simulatesTwitch ? ["TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET: one needs the other"] : []),
    ...(flags.once && hasCredentials ? ["TWITCH_CLIENT_ID: --once plays the demo, which real credentials end"] : []),
  ];
  const { api } = rehearse(faults, () => {
    const completed = complete({
      secrets: makeSecrets(),
      port: null,
      databaseUrl: runsPostgres ? "postgres://127.0.0.1/later" : null,
      temporalAddress: runsTemporal ? "127.0.0.1:7233" : null,
      twitch: simulatesTwitch ? { helixUrl: "http://127.0.0.1/helix", authUrl: "http://127.0.0.1/oauth2" } : null,
    });
    readWorkerConfig(completed.environment);
    return completed;
  });
  return {
    dataDir: resolve(settings.DATA_DIR),
    port: api.PORT,
    host: api.HOST,
    namespace: api.TEMPORAL_NAMESPACE,
    runsPostgres,
    runsTemporal,
    simulatesTwitch,
    playsStory,
    hasDemoTimings,
    remarks: hasCredentials ? remarksOnTwitch(api, madeUp) : [],
    madeUp,
    complete,
  };
}

/** Tells what worker and API would refuse before anything is started, together with the faults known already. */
function rehearse(faults: readonly string[], complete: () => CompleteSettings): CompleteSettings {
  let completed: CompleteSettings | null = null;
  const all = [...faults];
  try {
    completed = complete();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    all.push(...error.faults);
  }
  if (completed === null || all.length > 0) throw new SettingsError(all);
  return completed;
}

function remarksOnTwitch(api: ApiConfig, madeUp: readonly string[]): string[] {
  return [
    ...(api.PUBLIC_URL === undefined
      ? ["PUBLIC_URL is not set: Twitch has no address to deliver the channel's chat to."]
      : []),
    ...(madeUp.includes("TWITCH_EXTENSION_SECRETS")
      ? ["TWITCH_EXTENSION_SECRETS is not set: the extension's viewers will be refused."]
      : []),
  ];
}

/** A desktop key of the channel; null when all keys are of other channels. */
export function desktopKeyOf(api: ApiConfig): string | null {
  return desktopKeys(api).find(({ broadcasterId }) => broadcasterId === api.TWITCH_BROADCASTER_ID)?.key ?? null;
}
