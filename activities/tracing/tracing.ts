import type { OpenTelemetryPlugin } from "@temporalio/interceptors-opentelemetry-v2";
import type { Database } from "../db/database.ts";

/*
 * Traces from a request through workflow and activity to the statement, for whoever sets OTEL_EXPORTER_OTLP_ENDPOINT.
 * Off, nothing of OpenTelemetry's SDK is loaded: it stands behind the one dynamic import below.
 */

/** What a span may say of a request besides how long it took. */
export interface RequestSpan {
  /** The route as it is declared; absent where there is none. */
  readonly route?: string;
  readonly method: string;
  readonly status: number;
}

/** Tracing that is on; one per process. */
export interface Tracing {
  /** For Temporal's client and worker. */
  readonly plugin: OpenTelemetryPlugin;
  /** Begins a trace, whatever the request says of one: our callers are strangers. */
  request(work: () => Promise<RequestSpan>): Promise<void>;
  /** Makes a span of every statement that is part of a trace. */
  traceDatabase(database: Database): void;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** The standard variables that decide. */
export interface TracingSettings {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_EXPORTER: "otlp" | "none";
  readonly OTEL_SDK_DISABLED: boolean;
  readonly OTEL_SERVICE_NAME?: string | undefined;
}

/** Whether spans are wanted. */
export function isTraced(settings: TracingSettings): boolean {
  return (
    !settings.OTEL_SDK_DISABLED &&
    settings.OTEL_TRACES_EXPORTER === "otlp" &&
    (settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined
  );
}

/** Starts tracing for this process; null where nobody asked for it. */
export async function startTracing(settings: TracingSettings, service: string): Promise<Tracing | null> {
  if (!isTraced(settings)) return null;
  const { openTelemetry } = await import("./open-telemetry.ts");
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: exact, OTEL_EXPORTER_OTLP_ENDPOINT: base } = settings;
  const url = exact ?? `${base?.replace(/\/+$/, "")}/v1/traces`;
  return openTelemetry({ url, service: settings.OTEL_SERVICE_NAME ?? service });
}
