import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { historyFromJSON } from "@temporalio/common/lib/proto-utils.js";
import { Worker } from "@temporalio/worker";
import { DeterminismViolationError } from "@temporalio/workflow";
import { describe, expect, it } from "vitest";
import { writeWorkflowBundle } from "./bundle.ts";
import { engines } from "./test/engines.ts";
import "./test/quiet-runtime.ts";

/* Workflows that run across a deploy must replay under the new code exactly as they ran under the old. */

const FOLDER = fileURLToPath(new URL("../workflows/histories/", import.meta.url));
const namesIn = (folder: string): string[] =>
  readdirSync(`${FOLDER}${folder}`)
    .filter((file) => file.endsWith(".json"))
    .map((file) => `${folder}${file.replace(/\.json$/, "")}`);
/** As the code of today runs. */
const names = namesIn("");
/** As earlier code ran; workflows of that time may still be open. */
const earlier = namesIn("earlier/");

const giftEnd = (end: string): string => `gift-${end}`;

const read = (name: string): string => readFileSync(`${FOLDER}${name}.json`, "utf8");

interface RecordedEvent {
  readonly workflowExecutionStartedEventAttributes?: { workflowType: { name: string } };
  readonly markerRecordedEventAttributes?: {
    markerName: string;
    details: { "patch-data"?: { payloads: { data: string }[] } };
  };
}

const eventsOf = (name: string): RecordedEvent[] => JSON.parse(read(name)).events;

function workflowOf(name: string): string | undefined {
  return eventsOf(name)[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;
}

/** The changes of code that a run knew of. */
function patchesOf(name: string): string[] {
  return eventsOf(name).flatMap(({ markerRecordedEventAttributes: marker }) =>
    (marker?.details["patch-data"]?.payloads ?? []).map(
      ({ data }) => JSON.parse(Buffer.from(data, "base64").toString()).id as string,
    ),
  );
}

async function replay(json: string): Promise<unknown> {
  const history = historyFromJSON(JSON.parse(json));
  const histories = [{ workflowId: "replayed", history }];
  const options = { workflowBundle: { codePath: engines().bundleFile } };
  for await (const result of Worker.runReplayHistories(options, histories)) return result.error ?? null;
  throw new Error("nothing was replayed");
}

describe("recorded histories", () => {
  it.each([...names, ...earlier])("%s replays", async (name) => {
    expect(await replay(read(name))).toBeNull();
  });

  it("replay with tracing too, though none was on when they were recorded", { timeout: 180_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "mgm-traced-"));
    try {
      const codePath = join(folder, "workflows-traced.js");
      await writeWorkflowBundle(codePath, "traced");
      // Where a worker would send the spans.
      const sinks = { exporter: { export: { fn: () => undefined } } };
      const histories = names.map((name) => ({ workflowId: name, history: historyFromJSON(JSON.parse(read(name))) }));
      const failed: unknown[] = [];
      for await (const { workflowId, error } of Worker.runReplayHistories(
        { workflowBundle: { codePath }, sinks },
        histories,
      )) {
        if (error !== undefined) failed.push([workflowId, error]);
      }
      expect(failed).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("cover every workflow and every end", () => {
    expect(names.sort()).toEqual(
      [
        ...["settled", "settled-by-signal", "cancelled"].map((end) => `attention-${end}`),
        ...["sent", "sent-not-announced", "sent-at-expiry", "failed", "failed-by-signal"].map((end) => `payout-${end}`),
        ...["cancelled", "workflow-cancelled", "expired", "listed-later"].map((end) => `payout-${end}`),
        ...["completed", "no-items", "declined-by-signal", "failed-waiting", "workflow-cancelled"].map(giftEnd),
        ...["sent-early", "right-used-elsewhere", "selection-timeout", "confirmation-timeout"].map(giftEnd),
        ...["not-subscriber", "twitch-silent", "delivery-sent", "delivery-taken-back", "delivery-cancelled"].map(
          giftEnd,
        ),
        ...["promoted-again", "queue", "queue-continued"].map(giftEnd),
        "reconcile",
        ...["won", "offline", "refused", "unverified", "nobody-eligible"].map((end) => `spin-${end}`),
        ...["paused", "no-boundary", "missed", "early"].map((end) => `spin-${end}`),
      ].sort(),
    );
  });

  it("hold the payout workflow as it runs with its messages in turn, and as it ran before", () => {
    const runs = [...names, ...earlier].filter((name) => workflowOf(name) === "payout");
    const isOrderly = (name: string) => patchesOf(name).includes("messages-in-turn");
    expect(runs.filter((name) => names.includes(name) && !isOrderly(name))).toEqual([]);
    expect(runs.filter((name) => earlier.includes(name) && !isOrderly(name))).not.toEqual([]);
  });

  it("hold a payout whose quick changes are listed together, and one that listed each, before", () => {
    const isPatched = (name: string) => patchesOf(name).includes("listed-later");
    expect([...names, ...earlier].filter(isPatched)).toEqual(["payout-listed-later", "payout-sent"]);
    expect(earlier).toContain("earlier/payout-sent-listed-at-once");
  });

  it("hold a gift that is promoted again after its row went back, and one that was not, before", () => {
    const isPatched = (name: string) => patchesOf(name).includes("promoted-again");
    expect(names.filter(isPatched)).toEqual(["gift-promoted-again"]);
    expect(earlier.filter((name) => workflowOf(name) === "gift")).toEqual(["earlier/gift-not-promoted-again"]);
  });

  it("that do not fit the code are found out", async () => {
    const planted = read("payout-sent").replaceAll("announcePayout", "announceSomethingElse");
    expect(await replay(planted)).toBeInstanceOf(DeterminismViolationError);
    const withoutTimer = read("payout-sent").replaceAll("EVENT_TYPE_TIMER_STARTED", "EVENT_TYPE_MARKER_RECORDED");
    expect(await replay(withoutTimer)).not.toBeNull();
  });
});
