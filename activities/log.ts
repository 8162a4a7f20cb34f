import { type Logger, pino } from "pino";

/** The log of one process, as JSON lines on standard error: standard output belongs to whoever started it. */
export function createLog(process: string, level: string): Logger {
  return pino(
    {
      name: process,
      level,
      serializers: { error: pino.stdSerializers.err, cause: pino.stdSerializers.err },
      redact: ["*.authorization", "*.accessToken", "*.refreshToken", "*.password", "*.connectionString"],
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
