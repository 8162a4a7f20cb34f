import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { badges } from "@mgm/simulator/twitch/viewers";
import { payoutWorkflowId, reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import { Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWorkflowBundle } from "./bundle.ts";
import { freePorts } from "./engines/free-port.ts";
import { engines } from "./test/engines.ts";
import { startProcess, type TestProcess } from "./test/process.ts";
import { type ReceivedSpan, type SpanReceiver, startSpanReceiver } from "./test/span-receiver.ts";
import { eventually, report, startWorld, type World } from "./test/world.ts";

/* API and worker as processes of their own that were told where to send spans. */

const NAME = "Tracedperson";

let world: World;
let folder: string;
let tracedBundle: string;
let receiver: SpanReceiver;
let processes: TestProcess[];
let apiUrl: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-traced-"));
  tracedBundle = join(folder, "workflows-traced.js");
  [world, receiver] = await Promise.all([startWorld({ worker: false }), startSpanReceiver()]);
  const [port] = await freePorts(1);
  apiUrl = `http://127.0.0.1:${port}`;
  const settings = {
    ...world.environment,
    PORT: String(port),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: "100",
    WORKFLOW_BUNDLE: tracedBundle,
  };
  processes = [startProcess("api/main.ts", settings)];
  await writeWorkflowBundle(tracedBundle, "traced");
  processes.push(startProcess("temporal/worker-main.ts", settings));
  await eventually(async () => (await fetch(`${apiUrl}/healthz`).catch(() => null))?.ok);
  await eventually(async () => {
    const ready = await fetch(`${apiUrl}/readyz`).catch(() => null);
    return ready?.status === 200 && ((await ready.json()) as { worker: string }).worker === "ok";
  });
}, 180_000);
afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill("SIGTERM")));
  for (const scheduleId of [spinScheduleId(world.broadcasterId), reconcileScheduleId(world.broadcasterId)]) {
    await world.client.schedule.getHandle(scheduleId).delete();
  }
  await Promise.all([world.stop(), receiver.stop(), rm(folder, { recursive: true })]);
});

async function desktop(method: string, path: string, body?: unknown): Promise<{ payoutId: string }> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { "X-MGM-ApiKey": world.environment.DESKTOP_API_KEYS ?? "", "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { payoutId: string };
}

/** Spans of the trace that a span of this name is in, once all of the named ones have arrived in it. */
async function traceOf(name: string, ...others: string[]): Promise<ReceivedSpan[]> {
  return await eventually(async () => {
    const traces = receiver.spans.filter((span) => span.name === name).map(({ traceId }) => traceId);
    return traces
      .map((traceId) => receiver.spans.filter((span) => span.traceId === traceId))
      .find((spans) => others.every((other) => spans.some((span) => span.name === other)));
  });
}

const servicesOf = (spans: ReceivedSpan[]) => [...new Set(spans.map(({ service }) => service))].sort();

describe("a trace", () => {
  let payoutId: string;

  it("holds a chat line's webhook and the statements that enrolled its viewer", async () => {
    const chat = world.twitch.events(`${apiUrl}/api/twitch/eventsub`);
    const chatter = { id: "traced-viewer", login: "traced-viewer", displayName: "Traced Viewer" };
    await chat.say({ chatter, text: `!twgold ${NAME}`, badges: [badges.subscriber(3)] });
    const spans = await traceOf("POST receiveEventSub", "keep-command-message", "commit");
    expect(servicesOf(spans)).toEqual(["mgm-api"]);
    expect(spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual(["POST receiveEventSub"]);
  });

  it("holds a desktop's report, the cycle's update and the activity that decided", async () => {
    const { spinCycleId } = await world.spin();
    const verified = await desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, NAME, true));
    payoutId = verified.payoutId;
    const spans = await traceOf(
      "POST verifyCandidate",
      "StartWorkflowUpdate:report",
      "HandleUpdate:report",
      "RunActivity:decideCycle",
      // Outside of a transaction too.
      "read-lease",
    );
    expect(servicesOf(spans)).toEqual(["mgm-api", "mgm-worker"]);
  });

  it("holds a draw, its payout's workflow and what that did to the world", async () => {
    await desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "InProgress" });
    await desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`);
    const spans = await traceOf("RunActivity:storeDraw", "StartChildWorkflow:payout", "RunActivity:announcePayout");
    expect(servicesOf(spans)).toEqual(["mgm-worker"]);
    await traceOf("POST confirmMailSent", "HandleUpdate:confirmMail", "RunActivity:projectPayout");
  });

  it("holds the webhook of a wish for a gift, its workflow, and what that did", async () => {
    const chat = world.twitch.events(`${apiUrl}/api/twitch/eventsub`);
    const chatter = { id: "traced-giver", login: "traced-giver", displayName: "Traced Giver" };
    await chat.say({ chatter, text: `!twgift ${NAME}`, badges: [badges.subscriber(3)] });
    // The workflow is begun after Twitch has its answer.
    const spans = await traceOf(
      "POST receiveEventSub",
      "insert-gift",
      "UpdateWithStartWorkflow:look",
      "RunActivity:joinGiftQueue",
      "RunActivity:projectGift",
    );
    expect(servicesOf(spans)).toEqual(["mgm-api", "mgm-worker"]);
    expect(spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual(["POST receiveEventSub"]);
  });

  it("names no viewer, no key and no text", () => {
    const told = receiver.text();
    for (const secret of [
      NAME,
      "Traced Viewer",
      "traced-viewer",
      "Traced Giver",
      "traced-giver",
      "!twgold",
      "!twgift",
      world.environment.DESKTOP_API_KEYS ?? "?",
    ]) {
      expect(told).not.toContain(secret);
    }
  });

  it("leaves a history that replays without tracing, and with it", async () => {
    const history = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).fetchHistory();
    const sinks = { exporter: { export: { fn: () => undefined } } };
    for (const codePath of [engines().bundleFile, tracedBundle]) {
      const replay = Worker.runReplayHistories({ workflowBundle: { codePath }, sinks }, [
        { workflowId: "replayed", history },
      ]);
      for await (const { error } of replay) expect(error ?? null).toBeNull();
    }
  });
});

describe("without a collector", () => {
  it("nothing of OpenTelemetry's SDK is loaded", async () => {
    const program = `
      import { createRequire } from "node:module";
      const { cache } = createRequire(import.meta.url);
      const loaded = () => Object.keys(cache).some((file) => /opentelemetry.(sdk|exporter)|interceptors-opentelemetry/.test(file));
      const seen = [];
      await import("./api/server.ts");
      await import("./temporal/worker.ts");
      const { startTracing } = await import("./activities/tracing/tracing.ts");
      const settings = { OTEL_TRACES_EXPORTER: "otlp", OTEL_SDK_DISABLED: false };
      seen.push(await startTracing(settings, "test") === null && !loaded());
      const there = { ...settings, OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" };
      seen.push(await startTracing({ ...there, OTEL_TRACES_EXPORTER: "none" }, "test") === null && !loaded());
      const tracing = await startTracing(there, "test");
      seen.push(tracing !== null && loaded());
      await tracing?.stop();
      console.log(JSON.stringify(seen));`;
    const options = { cwd: fileURLToPath(new URL("..", import.meta.url)) };
    const args = ["--import", "tsx", "--input-type=module", "-e", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    expect(JSON.parse(stdout)).toEqual([true, true, true]);
  });
});
