import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { expect, it } from "vitest";
import { DiscreetExporter } from "./discreet-exporter.ts";

it("passes on what happened and when, and nothing that may name somebody", () => {
  const received = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(new DiscreetExporter(received))],
  });
  const span = provider.getTracer("test").startSpan("work", {
    attributes: {
      "http.route": "postClaim",
      "url.full": "https://gold.example.org/?name=Norinn",
      "db.query.text": "Norinn",
    },
  });
  span.recordException(new RangeError("Norinn is taken"));
  span.setStatus({ code: 2, message: "Norinn is taken" });
  span.end();
  const [passed] = received.getFinishedSpans();
  expect(passed?.name).toBe("work");
  expect(passed?.spanContext()).toEqual(span.spanContext());
  expect(passed?.attributes).toEqual({ "http.route": "postClaim" });
  expect(passed?.status).toEqual({ code: 2 });
  expect(passed?.events).toMatchObject([{ name: "exception", attributes: { "exception.type": "RangeError" } }]);
  expect(JSON.stringify([passed?.attributes, passed?.status, passed?.events])).not.toContain("Norinn");
});
