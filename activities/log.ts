import { type DestinationStream, type Logger, pino } from "pino";

/** Fields whose values are nobody's business, wherever in a line they stand. */
const SECRET_FIELDS = [
  "authorization",
  "accessToken",
  "refreshToken",
  "clientSecret",
  "password",
  "connectionString",
  "x-mgm-apikey",
  "key",
  "secret",
  "token",
];

/** Standard error: standard output belongs to whoever started the process. */
const toStandardError = (): DestinationStream => pino.destination({ dest: 2, sync: true });

/** The log of one process, as JSON lines. What should never be in a line is taken out of it all the same. */
export function createLog(process: string, level: string, destination: DestinationStream = toStandardError()): Logger {
  return pino(
    {
      name: process,
      level,
      serializers: { error: errorWithoutSecrets, cause: errorWithoutSecrets },
      redact: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
    },
    destination,
  );
}

/** Libraries like to quote addresses, and addresses like to hold passwords. */
const CREDENTIALS_IN_ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
const SECRET_IN_QUERY = /([?&](?:client_secret|refresh_token|access_token|device_code)=)[^&\s"']+/gi;

function errorWithoutSecrets(error: unknown): unknown {
  const plain: unknown = error instanceof Error ? pino.stdSerializers.err(error) : error;
  if (typeof plain === "string") return withoutSecrets(plain);
  if (typeof plain !== "object" || plain === null) return plain;
  return Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [name, typeof value === "string" ? withoutSecrets(value) : value]),
  );
}

function withoutSecrets(text: string): string {
  return text.replace(CREDENTIALS_IN_ADDRESS, "$1[redacted]@").replace(SECRET_IN_QUERY, "$1[redacted]");
}
