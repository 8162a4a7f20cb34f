import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { areContractTimings, completeTimings } from "@mgm/domain/timings";
import type { ConnectionOptions } from "@temporalio/client";
import { z } from "zod";

/* How our processes read their settings: from the environment, from `.env`, and each also from `<NAME>_FILE`. */

/** Names and texts, as the environment has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the settings, told together. */
export class SettingsError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`the settings are not usable:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.name = "SettingsError";
    this.faults = faults;
  }
}

/** The process environment over what `.env` in the working folder says. */
export function readEnvironment(environment: Environment, envFile = ".env"): Environment {
  const fromFile = existsSync(envFile) ? parseEnv(readFileSync(envFile, "utf8")) : {};
  return { ...fromFile, ...environment };
}

/** What is wrong with settings that are well-formed each; those that are not are left out. */
export type Judge<Schema extends z.ZodObject> = (settings: Partial<z.output<Schema>>) => string[];

/**
 * Reads the settings that `schema` names; an empty text is the same as none. Throws {@link SettingsError} with all that is
 * wrong, in form and by the judges.
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
  judges: readonly Judge<Schema>[] = [],
): z.output<Schema> {
  const faults: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, form] of Object.entries(schema.shape)) {
    const parsed = (form as z.ZodType).safeParse(textOf(name, environment, faults));
    if (parsed.success) settings[name] = parsed.data;
    // The value itself is never told: it may be a secret.
    else faults.push(...parsed.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  faults.push(...judges.flatMap((judge) => judge(settings as Partial<z.output<Schema>>)));
  if (faults.length > 0) throw new SettingsError(faults);
  return settings as z.output<Schema>;
}

function textOf(name: string, environment: Environment, faults: string[]): string | undefined {
  const direct = environment[name];
  if (direct !== undefined && direct !== "") return direct;
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === "") return undefined;
  try {
    const text = readFileSync(file, "utf8").trimEnd();
    return text === "" ? undefined : text;
  } catch (error) {
    faults.push(`${name}_FILE: ${(error as NodeJS.ErrnoException).code ?? "unreadable"}`);
    return undefined;
  }
}

/** A setting that is on or off. */
export const flag = z
  .enum(["true", "false", "1", "0"])
  .default("false")
  .transform((text) => text === "true" || text === "1");

/** A comma separated list. */
export const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Whether a text is not empty and in standard base64, as Twitch's console writes secrets. */
export function isStandardBase64(text: string): boolean {
  return text !== "" && STANDARD_BASE64.test(text);
}

const SEAL_KEY_BYTES = 32;

const sealKeys = list
  .refine(
    (keys) => keys.every((key) => isStandardBase64(key) && Buffer.from(key, "base64").length === SEAL_KEY_BYTES),
    {
      message: `needs ${SEAL_KEY_BYTES} bytes in standard base64, or several such keys of which the first one seals`,
    },
  )
  .transform((keys) => keys.map((key) => Buffer.from(key, "base64")));

const timings = z
  .string()
  .default("{}")
  .transform((text, context) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = null;
    }
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
      context.addIssue({ code: "custom", message: "must be a JSON object" });
      return z.NEVER;
    }
    const completed = completeTimings(parsed as Record<string, unknown>);
    if (completed.ok) return completed.timings;
    for (const fault of completed.faults) context.addIssue({ code: "custom", message: fault });
    return z.NEVER;
  });

/** A port to listen on; 0 takes any free one. */
export const portSetting = (usual: number) => z.coerce.number().int().min(0).max(65535).default(usual);

/** Where a process of ours listens, and where its metrics are. */
export const listeningSettings = {
  HOST: z.string().default("127.0.0.1"),
  METRICS_PORT: portSetting(9464),
};

/** What every process of ours needs. */
export const commonSettings = z.object({
  NODE_ENV: z.string().default("development"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  TEMPORAL_ADDRESS: z.string().default("127.0.0.1:7233"),
  TEMPORAL_NAMESPACE: z.string().default("default"),
  TEMPORAL_TASK_QUEUE: z.string().default("mgm"),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: flag,
  TEMPORAL_TLS_SERVER_CA: z.string().optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_TLS_CLIENT_CERT: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY: z.string().optional(),
  TIMINGS: timings,
  ALLOW_CUSTOM_TIMINGS: flag,
  TWITCH_BROADCASTER_ID: z.string().min(1).max(64),
  TWITCH_BOT_USER_ID: z.string().min(1).max(64).optional(),
  TWITCH_CLIENT_ID: z.string().optional(),
  TWITCH_CLIENT_SECRET: z.string().optional(),
  TWITCH_HELIX_URL: z.url().default("https://api.twitch.tv/helix"),
  TWITCH_AUTH_URL: z.url().default("https://id.twitch.tv/oauth2"),
  TOKEN_ENCRYPTION_KEY: sealKeys,
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_TRACES_EXPORTER: z.enum(["otlp", "none"]).default("otlp"),
  OTEL_SDK_DISABLED: flag,
  OTEL_SERVICE_NAME: z.string().optional(),
});

/** The settings that every process has. */
export type CommonSettings = z.output<typeof commonSettings>;

/** What production refuses among the common settings. */
export function productionFaults(settings: Partial<CommonSettings>): string[] {
  if (settings.NODE_ENV !== "production") return [];
  const faults: string[] = [];
  const { TIMINGS: timings } = settings;
  if (timings !== undefined && !areContractTimings(timings) && !settings.ALLOW_CUSTOM_TIMINGS) {
    faults.push("TIMINGS: production runs with the standard timings unless ALLOW_CUSTOM_TIMINGS is set");
  }
  for (const name of ["TWITCH_HELIX_URL", "TWITCH_AUTH_URL"] as const) {
    if (settings[name] !== undefined && settings[name] !== commonSettings.shape[name].parse(undefined)) {
      faults.push(`${name}: production speaks to Twitch itself`);
    }
  }
  return faults;
}

/** The settings that say how to reach Temporal, for what needs no others. */
export const temporalSettings = commonSettings.pick({
  TEMPORAL_ADDRESS: true,
  TEMPORAL_NAMESPACE: true,
  TEMPORAL_API_KEY: true,
  TEMPORAL_TLS: true,
  TEMPORAL_TLS_SERVER_CA: true,
  TEMPORAL_TLS_SERVER_NAME: true,
  TEMPORAL_TLS_CLIENT_CERT: true,
  TEMPORAL_TLS_CLIENT_KEY: true,
});

/** The settings that say how to reach Temporal. */
export type TemporalSettings = z.output<typeof temporalSettings>;

/** A certificate without its key, or a key without its certificate, would silently be no certificate. */
export function temporalFaults(settings: Partial<TemporalSettings>): string[] {
  const { TEMPORAL_TLS_CLIENT_CERT: certificate, TEMPORAL_TLS_CLIENT_KEY: key } = settings;
  if ((certificate === undefined) === (key === undefined)) return [];
  return certificate === undefined
    ? ["TEMPORAL_TLS_CLIENT_CERT: the key in TEMPORAL_TLS_CLIENT_KEY needs it"]
    : ["TEMPORAL_TLS_CLIENT_KEY: the certificate in TEMPORAL_TLS_CLIENT_CERT needs it"];
}

/** What both of the SDK's connections understand. */
export interface TemporalAddress {
  address: string;
  tls?: NonNullable<ConnectionOptions["tls"]>;
  apiKey?: string;
}

/** How to reach Temporal: plain, with an API key, or with client certificates. */
export function temporalConnection(settings: TemporalSettings): TemporalAddress {
  const cert = settings.TEMPORAL_TLS_CLIENT_CERT;
  const key = settings.TEMPORAL_TLS_CLIENT_KEY;
  const ca = settings.TEMPORAL_TLS_SERVER_CA;
  const serverName = settings.TEMPORAL_TLS_SERVER_NAME;
  const details = {
    ...(cert === undefined || key === undefined
      ? {}
      : { clientCertPair: { crt: Buffer.from(cert), key: Buffer.from(key) } }),
    ...(ca === undefined ? {} : { serverRootCACertificate: Buffer.from(ca) }),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  };
  const wantsTls = settings.TEMPORAL_TLS || settings.TEMPORAL_API_KEY !== undefined || Object.keys(details).length > 0;
  return {
    address: settings.TEMPORAL_ADDRESS,
    ...(wantsTls ? { tls: Object.keys(details).length > 0 ? details : true } : {}),
    ...(settings.TEMPORAL_API_KEY === undefined ? {} : { apiKey: settings.TEMPORAL_API_KEY }),
  };
}
