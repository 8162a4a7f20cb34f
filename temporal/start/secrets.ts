import { hkdfSync, randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const secretsShape = z.object({
  desktopApiKey: z.string().min(16),
  /** Standard base64. */
  extensionSecret: z.string().min(16),
  eventSubSecret: z.string().min(16),
  postgresPassword: z.string().min(16),
});

/** What nobody set and therefore was made up, once per data folder. */
export type Secrets = z.output<typeof secretsShape>;

/** The file that keeps a data folder's secrets; only its owner may read it. */
export function secretsFileOf(dataDir: string): string {
  return join(dataDir, "secrets.json");
}

/** Seals this data folder's Twitch tokens where the settings name no key: derived, because older folders hold none. */
export function tokenEncryptionKey({ postgresPassword }: Secrets): string {
  return Buffer.from(hkdfSync("sha256", postgresPassword, "", "Twitch tokens", 32)).toString("base64");
}

/** New secrets. */
export function makeSecrets(): Secrets {
  return {
    desktopApiKey: randomBytes(24).toString("hex"),
    extensionSecret: randomBytes(32).toString("base64"),
    eventSubSecret: randomBytes(24).toString("hex"),
    postgresPassword: randomBytes(24).toString("hex"),
  };
}

/**
 * The secrets of a data folder, made at its first start. A file that cannot be read is never replaced: the database in
 * the same folder opens with the password in it and no other.
 */
export function keepSecrets(dataDir: string): Secrets {
  const file = secretsFileOf(dataDir);
  const kept = readSecrets(file);
  if (kept !== null) return kept;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(makeSecrets(), null, 2)}\n`, { mode: 0o600, flag: "wx" });
  try {
    // Whole or not there; and of two starts at once, one's file is everybody's.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
  const made = readSecrets(file);
  if (made === null) throw new StartError(`${file} vanished while it was written`);
  return made;
}

function readSecrets(file: string): Secrets | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StartError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
  const parsed = secretsShape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new StartError(
    `${file} does not hold this data folder's secrets. Put it back, or choose another folder with DATA_DIR.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
