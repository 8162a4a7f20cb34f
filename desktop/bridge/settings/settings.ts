import { z } from "zod";
import type { DesktopSettings } from "../../wire/state.ts";

/*
 * What the streamer may choose, and the file that it is kept in: `{version, settings}`. A file of an earlier version is
 * led through the migrations, one after the other; what a field cannot be is replaced by its default and reported.
 */

/** The version that is written. */
export const SETTINGS_VERSION = 1;

const PATH_LENGTH = 4_096;
const path = z
  .string()
  .max(PATH_LENGTH)
  .refine((text) => !text.includes("\0"));

/** Each setting by itself, so that one that is wrong does not take the others with it. */
export const settingShapes = {
  apiUrl: z.string().max(2_048).transform(withoutSlash).refine(isApiUrl),
  gameFolder: path,
  logPath: path,
  language: z.enum(["ru", "en"]),
  theme: z.enum(["system", "light", "dark"]),
  pollSeconds: z.number().int().min(5).max(600),
  strategy: z.enum(["post_message", "send_input"]),
  mayUseOtherStrategy: z.boolean(),
  commandAttempts: z.number().int().min(1).max(10),
  syncsByItself: z.boolean(),
  sounds: z.boolean(),
  gameWindow: z.string().max(256).nullable(),
} satisfies { readonly [Name in keyof DesktopSettings]: z.ZodType<DesktopSettings[Name]> };

/** Some of the settings, as the window sends what changes. */
export const settingsPatch = z.strictObject(settingShapes).partial();

/** What a fresh start has. `language` is the system's, `strategy` what it has. */
export function defaultSettings(system: {
  readonly platform: NodeJS.Platform;
  readonly locale: string;
}): DesktopSettings {
  return {
    apiUrl: "",
    gameFolder: "",
    logPath: "",
    language: system.locale.toLowerCase().startsWith("ru") ? "ru" : "en",
    theme: "system",
    pollSeconds: 15,
    strategy: system.platform === "win32" ? "post_message" : "send_input",
    mayUseOtherStrategy: true,
    commandAttempts: 3,
    syncsByItself: false,
    sounds: false,
    gameWindow: null,
  };
}

/** What a file said, and what was wrong with it; no faults: all of it counts. */
export interface ReadSettings {
  readonly settings: DesktopSettings;
  readonly faults: readonly string[];
}

/** Leads what stands in a file of version n to version n + 1. Version 0 had no envelope. */
const MIGRATIONS: readonly ((old: unknown) => unknown)[] = [(bare) => ({ version: 1, settings: bare })];

const envelope = z.object({ version: z.number().int().min(1), settings: z.record(z.string(), z.unknown()) });

/** Reads the text of a settings file. Faults name settings and never hold what they were set to. */
export function readSettingsText(text: string, defaults: DesktopSettings): ReadSettings {
  const value = parse(text);
  if (!isRecord(value)) return { settings: defaults, faults: ["no_json"] };
  let current: unknown = value;
  for (let version = versionOf(value); version < SETTINGS_VERSION; version += 1)
    current = MIGRATIONS[version]?.(current);
  const { success, data } = envelope.safeParse(current);
  if (!success) return { settings: defaults, faults: ["no_settings"] };
  if (data.version > SETTINGS_VERSION) return { settings: defaults, faults: ["newer_version"] };
  const faults: string[] = [];
  const read: Record<string, unknown> = { ...defaults };
  for (const [name, shape] of Object.entries(settingShapes)) {
    // A setting that a version does not know yet is no fault.
    if (data.settings[name] === undefined) continue;
    const checked = shape.safeParse(data.settings[name]);
    if (checked.success) read[name] = checked.data;
    else faults.push(name);
  }
  return { settings: read as unknown as DesktopSettings, faults };
}

/** The text of a settings file. */
export function writeSettingsText(settings: DesktopSettings): string {
  return `${JSON.stringify({ version: SETTINGS_VERSION, settings }, null, 2)}\n`;
}

function versionOf(value: Record<string, unknown>): number {
  if (value.version === undefined) return 0;
  return typeof value.version === "number" ? value.version : SETTINGS_VERSION;
}

function withoutSlash(text: string): string {
  return text.trim().replace(/\/+$/, "");
}

/**
 * Whether the API key may be sent there: over TLS, or without it where nobody in between can listen, which is this
 * machine and the networks at home. Empty: not set up yet.
 */
function isApiUrl(text: string): boolean {
  if (text === "") return true;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isNear(url.hostname));
}

function isNear(host: string): boolean {
  if (host === "localhost" || host === "[::1]" || host.endsWith(".local")) return true;
  return /^(127|10)(\.\d+){3}$|^192\.168(\.\d+){2}$|^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/.test(host);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
