import { context, propagation, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { OpenTelemetryPlugin } from "@temporalio/interceptors-opentelemetry-v2";
import type { Database } from "../db/database.ts";
import { DiscreetExporter } from "./discreet-exporter.ts";
import type { RequestSpan, Tracing } from "./tracing.ts";

/** Installs OpenTelemetry for the whole process; sampling, batches and headers follow the standard variables. */
export function openTelemetry({ url, service }: { url: string; service: string }): Tracing {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": service }))
    .merge(detectResources({ detectors: [envDetector] }));
  const spanProcessor = new BatchSpanProcessor(new DiscreetExporter(new OTLPTraceExporter({ url })));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [spanProcessor] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer("mimirons-gold-o-matic");
  return {
    plugin: new OpenTelemetryPlugin({ resource, spanProcessor }),
    request: (work) => request(tracer, work),
    traceDatabase: (database) => traceDatabase(tracer, database),
    stop: () => provider.shutdown(),
  };
}

async function request(tracer: Tracer, work: () => Promise<RequestSpan>): Promise<void> {
  await tracer.startActiveSpan("request", { kind: SpanKind.SERVER, root: true }, async (span) => {
    try {
      const { method, route, status } = await work();
      span.updateName(`${method} ${route ?? "none"}`);
      span.setAttributes({ "http.request.method": method, "http.response.status_code": status });
      if (route !== undefined) span.setAttribute("http.route", route);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    } finally {
      span.end();
    }
  });
}

type Query = (...args: unknown[]) => unknown;

/** What our code awaits is traced; a statement with a callback is the pool's own doing, inside of one that is awaited. */
function traceDatabase(tracer: Tracer, database: Database): void {
  const traced =
    (run: Query): Query =>
    (...args) => {
      const isAwaited = typeof args.at(-1) !== "function";
      if (!isAwaited || trace.getActiveSpan() === undefined) return run(...args);
      const options = { kind: SpanKind.CLIENT, attributes: { "db.system.name": "postgresql" } };
      return tracer.startActiveSpan(statementName(args[0]), options, (span) => ended(span, run(...args)));
    };
  database.query = traced(database.query.bind(database) as Query) as typeof database.query;
  database.on("connect", (client) => {
    client.query = traced(client.query.bind(client) as Query) as typeof client.query;
  });
}

async function ended(span: Span, result: unknown): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** A statement's own name, else its first words: enough to know it by, and no value of anybody's. */
function statementName(statement: unknown): string {
  const { name, text } =
    typeof statement === "string" ? { text: statement } : (statement as { name?: string; text?: string });
  return (
    name ??
    text
      ?.trim()
      .split(/[\s(]+/, 3)
      .join(" ") ??
    "statement"
  );
}
