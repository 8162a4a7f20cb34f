import { appendFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/* Whatever the processes of a test run log lands in one folder, and is searched for every secret when the run ends. */

const SECRETS_FILE = "secrets.txt";

/** A JWT, and the tokens that the simulated Twitch gives out: too many to name each. */
const TOKENS = /eyJ[\w-]{8,}\.[\w-]+|\b(?:app|user|refresh)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}/g;

/** Has the logs of this run searched for these. */
export function registerSecrets(logFolder: string, secrets: readonly string[]): void {
  appendFileSync(join(logFolder, SECRETS_FILE), secrets.map((secret) => `${secret}\n`).join(""));
}

/** Every log with a secret in it, and which. */
export async function leaksIn(logFolder: string): Promise<string[]> {
  const text = await readFile(join(logFolder, SECRETS_FILE), "utf8").catch(() => "");
  const secrets = [...new Set(text.split("\n"))].filter((secret) => secret.length >= 8);
  const logs = (await readdir(logFolder)).filter((name) => name.endsWith(".log"));
  const leaks: string[] = [];
  for (const name of logs) {
    const log = await readFile(join(logFolder, name), "utf8");
    const found = [...secrets.filter((secret) => log.includes(secret)), ...(log.match(TOKENS) ?? [])];
    leaks.push(...found.map((secret) => `${name}: ${secret}`));
  }
  return leaks;
}
