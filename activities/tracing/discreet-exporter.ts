import type { Attributes } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";

/** Attributes that say nothing of anybody. Whatever else a library adds is left out. */
const TOLD = new Set([
  "http.request.method",
  "http.response.status_code",
  "http.route",
  "db.system.name",
  "temporalWorkflowId",
  "temporalUpdateId",
  "temporalActivityId",
  "run_id",
]);

/**
 * Sends spans on without what errors say: libraries record messages and stacks, and those may quote a viewer. Which
 * error it was stays.
 */
export class DiscreetExporter implements SpanExporter {
  readonly #next: SpanExporter;

  constructor(next: SpanExporter) {
    this.#next = next;
  }

  export(...[spans, done]: Parameters<SpanExporter["export"]>): void {
    this.#next.export(spans.map(discreet), done);
  }

  async forceFlush(): Promise<void> {
    await this.#next.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#next.shutdown();
  }
}

function discreet(span: ReadableSpan): ReadableSpan {
  return Object.create(span, {
    attributes: { value: only(span.attributes, TOLD) },
    status: { value: { code: span.status.code } },
    events: {
      value: span.events.map(({ name, time, attributes = {} }) => ({
        name,
        time,
        attributes: only(attributes, new Set(["exception.type"])),
      })),
    },
    spanContext: { value: () => span.spanContext() },
  });
}

function only(attributes: Attributes, told: ReadonlySet<string>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => told.has(name)));
}
