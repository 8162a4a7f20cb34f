import { openDatabase } from "@mgm/activities/db/database";
import { migrate } from "@mgm/activities/db/migrate";
import { createLog } from "@mgm/activities/log";
import { commonSettings, readEnvironment, readSettings, SettingsError } from "@mgm/activities/settings";
import { twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { deviceLogin } from "@mgm/activities/twitch/grants/device-login";
import { GrantStore } from "@mgm/activities/twitch/grants/grant-store";
import { type NeededGrant, neededGrants } from "@mgm/activities/twitch/grants/scopes";
import { TokenSeal } from "@mgm/activities/twitch/grants/token-seal";
import { withLoginDatabase } from "./start/login-database.ts";
import { StartError } from "./start/start-error.ts";

/*
 * `npm run twitch-login [broadcaster|bot]`: lets the channel's accounts grant us what we need, by a code that is typed
 * in on Twitch's page, and keeps the tokens sealed in the database. Running processes find them there by themselves.
 */

const LIMITS = { maxConnections: 1, connectTimeoutMs: 10_000, statementTimeoutMs: 10_000 };
const tell = (line: string): void => void process.stdout.write(`${line}\n`);

type Settings = ReturnType<typeof readSettings<typeof commonSettings>>;

async function login(settings: Settings, wanted: readonly NeededGrant[]): Promise<boolean> {
  const { TWITCH_BROADCASTER_ID: broadcasterId } = settings;
  await migrate(settings.DATABASE_URL);
  const log = createLog("twitch-login", settings.LOG_LEVEL);
  const database = openDatabase(settings.DATABASE_URL, LIMITS, () => undefined);
  const access = twitchFromSettings(settings);
  const store = new GrantStore({ database, access, log, seal: new TokenSeal(settings.TOKEN_ENCRYPTION_KEY) });
  try {
    for (const needed of wanted) {
      tell(`\nThe ${needed.account} (user id ${needed.twitchUserId}) is asked for: ${needed.scopes.join(", ")}`);
      const result = await deviceLogin(access, needed, ({ verificationUri, userCode }) => {
        tell(`Log in to Twitch as the ${needed.account}, open ${verificationUri}`);
        tell(`and agree; the code is ${userCode}. Waiting …`);
      });
      if (result.kind !== "granted") {
        tell(describe(result));
        return false;
      }
      await store.put({ broadcasterId, twitchUserId: needed.twitchUserId }, result.tokens);
      tell("Granted and kept.");
    }
    const missing = await store.missing(broadcasterId);
    tell(missing.length === 0 ? "\nNothing is missing." : `\nStill missing: ${missing.join(", ")}`);
    return true;
  } finally {
    await database.end();
  }
}

function describe(result: Exclude<Awaited<ReturnType<typeof deviceLogin>>, { kind: "granted" }>): string {
  switch (result.kind) {
    case "wrong_account":
      return `That was another account (user id ${result.twitchUserId}). Log out of it at Twitch and try again.`;
    case "expired":
      return "Nobody agreed in time. Try again.";
    case "failed":
      return `Twitch refused: ${result.reason}`;
    default:
      return result satisfies never;
  }
}

function readLoginSettings(databaseUrl: string, tokenKey: string | null): Settings {
  const environment = readEnvironment(process.env);
  const hasKey = (environment.TOKEN_ENCRYPTION_KEY ?? environment.TOKEN_ENCRYPTION_KEY_FILE ?? "") !== "";
  const settings = readSettings(commonSettings, {
    ...environment,
    DATABASE_URL: databaseUrl,
    ...(hasKey || tokenKey === null ? {} : { TOKEN_ENCRYPTION_KEY: tokenKey }),
  });
  const faults = [
    ...(settings.TWITCH_CLIENT_ID === undefined ? ["TWITCH_CLIENT_ID: a login is for an application"] : []),
    ...(settings.TOKEN_ENCRYPTION_KEY.length === 0 ? ["TOKEN_ENCRYPTION_KEY: tokens are kept sealed only"] : []),
  ];
  if (faults.length > 0) throw new SettingsError(faults);
  return settings;
}

try {
  const [account] = process.argv.slice(2);
  const isGranted = await withLoginDatabase(readEnvironment(process.env), async ({ databaseUrl, tokenKey }) => {
    const settings = readLoginSettings(databaseUrl, tokenKey);
    const needed = neededGrants(twitchFromSettings(settings).settings, settings.TWITCH_BROADCASTER_ID);
    const wanted = needed.filter((one) => account === undefined || one.account === account);
    if (wanted.length === 0) {
      throw new StartError(
        `There is no account "${account}" here, but: ${needed.map((one) => one.account).join(", ")}`,
      );
    }
    return await login(settings, wanted);
  });
  process.exit(isGranted ? 0 : 1);
} catch (error) {
  const isForPeople = error instanceof SettingsError || error instanceof StartError;
  process.stderr.write(`${isForPeople ? error.message : String(error)}\n`);
  process.exit(1);
}
