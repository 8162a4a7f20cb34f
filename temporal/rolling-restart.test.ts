import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { giftDeliveryWorkflowId, giftWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import type { History } from "@temporalio/common/lib/proto-utils.js";
import { Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIdOf } from "./build-id.ts";
import { buildChanged, type SourceChange } from "./test/changed-build.ts";
import { engines } from "./test/engines.ts";
import { expectTaken, type Gifts, giftsOf, type Wish } from "./test/gifts.ts";
import { deleteSchedules, startProcess, type TestProcess } from "./test/process.ts";
import { eventually, report, startWorld, type Won, type World } from "./test/world.ts";
import "./test/quiet-runtime.ts";

/*
 * Workers are replaced while payouts, gifts and a cycle are open: build A begins them, build B, whose workflow code is
 * another one, goes on with them. B asks for patches where it does something new, as a change must; C does the same
 * without, and is found out before it is rolled out.
 */

const PATCH = "test-step-of-the-next-build";
const asked = (step: string) => `if (patched("${PATCH}")) ${step}`;
/** One step more in a payout and in a gift, each before the end that it waits for. */
const changes = (guard: (step: string) => string): SourceChange[] => [
  {
    file: "payout/workflow.ts",
    from: "  entity.tellOperators();\n",
    to: `  entity.tellOperators();\n  ${guard("await entity.look();")}\n`,
  },
  {
    file: "gift/workflow.ts",
    from: "    await entity.look();\n",
    to: `    await entity.look();\n    ${guard("await entity.look();")}\n`,
  },
];

let folder: string;
let buildB: string;
let buildC: string;
let world: World;
let gifts: Gifts;
let workerA: TestProcess;
let workerB: TestProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-rolling-"));
  [buildB, buildC] = [join(folder, "b.js"), join(folder, "c.js")];
  await buildChanged(buildB, changes(asked));
  await buildChanged(
    buildC,
    changes((step) => step),
  );
  world = await startWorld({ worker: false });
  gifts = giftsOf(world);
  workerA = startWorker(engines().bundleFile);
  await eventually(async () => (await world.get("/readyz")).body.worker === "ok");
});
afterAll(async () => {
  await Promise.all([workerA?.kill(), workerB?.kill()]);
  await deleteSchedules(world);
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

function startWorker(bundleFile: string): TestProcess {
  return startProcess("temporal/worker-main.ts", { ...world.environment, WORKFLOW_BUNDLE: bundleFile });
}

const historyOf = (workflowId: string): Promise<History> => world.client.workflow.getHandle(workflowId).fetchHistory();

/** Process ids of the workers that brought a workflow forward, in order, each once. */
async function workersOf(workflowId: string): Promise<(number | undefined)[]> {
  const { events } = await historyOf(workflowId);
  const identities = (events ?? []).map((event) => event.workflowTaskCompletedEventAttributes?.identity);
  return [
    ...new Set(identities.filter((identity) => identity != null).map((identity) => Number.parseInt(identity, 10))),
  ];
}

async function usesPatch(workflowId: string): Promise<boolean> {
  const { events } = await historyOf(workflowId);
  const details = (events ?? []).flatMap((event) => Object.values(event.markerRecordedEventAttributes?.details ?? {}));
  const payloads = details.flatMap((detail) => detail.payloads ?? []);
  return payloads.some(({ data }) =>
    Buffer.from(data ?? [])
      .toString()
      .includes(PATCH),
  );
}

async function replayFault(bundleFile: string, workflowId: string): Promise<unknown> {
  const history = await historyOf(workflowId);
  const options = { workflowBundle: { codePath: bundleFile } };
  for await (const { error } of Worker.runReplayHistories(options, [{ workflowId, history }])) return error ?? null;
  throw new Error("nothing was replayed");
}

/** `npm run replay-open` under a bundle: its status, and the summary in its last line. */
async function replayOpen(bundleFile: string): Promise<{ status: number | null; build: string; unfit: number }> {
  const child = spawn(process.execPath, ["--import", "tsx", "temporal/replay-open-main.ts"], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { PATH: process.env.PATH, ...world.environment, WORKFLOW_BUNDLE: bundleFile },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [status] = await once(child, "close");
  return { status, ...JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") };
}

const path = (payoutId: string) => `/api/payouts/${payoutId}`;
const setStatus = (payoutId: string, status: string) =>
  expectTaken(() => world.desktop("PATCH", `${path(payoutId)}/status`, { status }));
const confirmMail = (payoutId: string) =>
  expectTaken(() => world.desktop("POST", `${path(payoutId)}/confirm-mail-sent`));

describe("replacing the workers", () => {
  let waiting: Won;
  let accepted: Won;
  let shown: Wish;
  let queued: Wish;
  let cycle: { workflowId: string; spinCycleId: string; candidate: string | null };

  it("begins with work on build A", async () => {
    waiting = await world.win(1);
    accepted = await world.win(2);
    const { characterName } = accepted;
    await expectTaken(() => world.desktop("POST", `${path(accepted.payoutId)}/confirm-acceptance`, { characterName }));
    await setStatus(accepted.payoutId, "InProgress");
    shown = await gifts.askAndSelect();
    queued = await gifts.ask();
    await world.say({ id: "candidate", displayName: "Candidate" }, "!twgold Zugzug");
    cycle = await world.spin(3);
    expect(cycle.candidate).toBe("Zugzug");
    const { body } = await world.get("/readyz");
    expect(body.workerBuilds).toEqual([await buildIdOf(engines().bundleFile)]);
  });

  it("is tried beforehand: a build that asks for its patches fits what is open, one that does not is refused", async () => {
    expect(await replayOpen(buildB)).toMatchObject({ status: 0, build: await buildIdOf(buildB), unfit: 0 });
    const refused = await replayOpen(buildC);
    expect(refused.status).toBe(1);
    // Both payouts and both gifts, and nothing that C left as it was.
    expect(refused.unfit).toBe(4);
  });

  it("loses nothing: what A began is ended by B", async () => {
    const b = startWorker(buildB);
    workerB = b;
    const builds = [await buildIdOf(engines().bundleFile), await buildIdOf(buildB)].sort();
    await eventually(async () => {
      const { body } = await world.get("/readyz");
      return JSON.stringify(body.workerBuilds) === JSON.stringify(builds);
    });
    await workerA.kill("SIGTERM");
    expect(await workerA.ended).toBe(0);

    await setStatus(waiting.payoutId, "InProgress");
    await confirmMail(waiting.payoutId);
    await confirmMail(accepted.payoutId);
    await expectTaken(() => gifts.confirm(shown.id, true));
    await gifts.untilDeliveryBegins(shown.id);
    await expectTaken(() => gifts.sent(shown.id));
    await gifts.until(queued.id, "SelectingItem");
    await expectTaken(() => gifts.select(queued.id));
    await expectTaken(() => gifts.confirm(queued.id, true));
    await gifts.untilDeliveryBegins(queued.id);
    await expectTaken(() => gifts.sent(queued.id));
    const verified = await expectTaken(() =>
      world.desktop("POST", "/api/roulette/verify-candidate", report(cycle.spinCycleId, "Zugzug", true)),
    );
    const fresh: string = verified.body.payoutId;
    await setStatus(fresh, "InProgress");
    await confirmMail(fresh);

    for (const payoutId of [waiting.payoutId, accepted.payoutId, fresh]) {
      const end = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
      expect(end).toEqual({ status: "Sent", announcement: "sent" });
    }
    expect(world.twitch.chat.size).toBe(3);
    for (const { id } of [shown, queued]) {
      expect((await world.client.workflow.getHandle(giftWorkflowId(id)).result()).state).toBe("Completed");
      await world.client.workflow.getHandle(giftDeliveryWorkflowId(id)).result();
    }

    const [a, bPid] = [workerA.child.pid, b.child.pid];
    const begunByA = [waiting, accepted].map(({ payoutId }) => payoutWorkflowId(payoutId));
    const giftsOfA = [shown, queued].map(({ id }) => giftWorkflowId(id));
    for (const workflowId of [...begunByA, ...giftsOfA, cycle.workflowId]) {
      expect(await workersOf(workflowId)).toEqual([a, bPid]);
      expect(await usesPatch(workflowId)).toBe(false);
      expect(await replayFault(buildB, workflowId)).toBeNull();
    }
    // What began on B takes the new step, so the histories prove that B is another build.
    expect(await workersOf(payoutWorkflowId(fresh))).toEqual([bPid]);
    expect(await usesPatch(payoutWorkflowId(fresh))).toBe(true);
    expect(await replayFault(engines().bundleFile, payoutWorkflowId(fresh))).not.toBeNull();
  });
});
