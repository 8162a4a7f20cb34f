import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { GiftQueueDto, GiftRequestDetailsDto, PayoutDetailsDto, RouletteStateDto } from "@mgm/domain/wire";
import { type FirstGold, STEPS } from "@mgm/simulator/story/time-line";
import { until } from "@mgm/simulator/story/until";
import { extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { demoBroadcaster } from "@mgm/simulator/twitch/viewers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingLines } from "../../docs/follow/shown.ts";
import { stepsOf } from "../../docs/follow/steps.ts";
import { readPage } from "../../docs/make/page.ts";
import { freePorts, isPortTaken } from "../engines/free-port.ts";
import { emptyFolder, type Launched, launch } from "./launch-fixture.ts";
import { secretsFileOf } from "./secrets.ts";

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const FORGET = fileURLToPath(new URL("../forget-main.ts", import.meta.url));
const START_MS = 150_000;
/** A desktop may ask ten times a second. */
const LOOK_EVERY_MS = 500;
const KEY = "a-desktop-key-of-the-test";
const QUICK = JSON.stringify({ intervalMs: 6_000, wheelMs: 1_000, graceMs: 2_000, slackMs: 500, resultMs: 1_000 });

let folder: Awaited<ReturnType<typeof emptyFolder>>;
let dataDir: string;
beforeAll(async () => {
  folder = await emptyFolder();
  dataDir = join(folder.path, ".data");
});
afterAll(() => folder.remove());

const start = async (flags: readonly string[], settings: Record<string, string> = {}): Promise<Launched> => {
  const [port] = await freePorts(1);
  return launch({
    folder: folder.path,
    flags,
    settings: { DATA_DIR: dataDir, PORT: String(port), ...settings },
    environment: process.env,
  });
};

/** The status of `npm run forget` about a viewer of whom nothing is kept, with nothing but this data folder named. */
async function forget(dataFolder: string): Promise<number | null> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, DATA_DIR: dataFolder };
  const child = spawn(process.execPath, ["--import", LOADER, FORGET, "nobody"], {
    cwd: folder.path,
    env,
    stdio: "ignore",
  });
  const [status] = await once(child, "close");
  return status;
}

/** A free port that is followed by another one. */
async function freePair(): Promise<number> {
  for (;;) {
    const [port = 0] = await freePorts(1);
    if (port < 65_535 && !(await isPortTaken(port + 1))) return port;
  }
}

/** Runs to the first gold; what it printed must be the time line and nothing else. `shown` is what people saw of it. */
async function firstGold(): Promise<FirstGold & { shown: string }> {
  const launched = await start(["--once"]);
  const { code, stdout, stderr } = await launched.ended;
  // The streamer's window can be looked at while it lasts.
  expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{64}/);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(await launched.survivors()).toEqual([]);
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  return { ...JSON.parse(stdout), shown: stderr };
}

/** What the tutorial shows of a first start. */
function shownByTutorial(): string[] {
  const steps = stepsOf(readPage("docs/tutorial.md").text);
  const begin = steps.findIndex((step) => step.kind === "run" && step.command === "npm start");
  const end = steps.findIndex((step, at) => at > begin && step.kind !== "shows");
  return steps.slice(begin + 1, end).flatMap((step) => (step.kind === "shows" ? step.lines : []));
}

function expectWhole({ steps, firstGoldMs }: FirstGold): void {
  expect(steps.map(({ step }) => step)).toEqual(STEPS);
  const times = steps.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(firstGoldMs).toBe(times.at(-1));
}

describe.sequential("starts on one data folder, one after the other", () => {
  let secondBeganAt = 0;
  let secrets: Record<string, string>;
  const viewerHeaders = async (userId: string) => {
    const channel = { secret: secrets.extensionSecret ?? "", channelId: demoBroadcaster.id };
    return { Authorization: `Bearer ${await extensionJwt({ role: "viewer", userId }, channel)}` };
  };

  it("reaches the first gold on an empty folder within a minute", { timeout: START_MS }, async () => {
    const told = await firstGold();
    secrets = JSON.parse(readFileSync(secretsFileOf(dataDir), "utf8"));
    expectWhole(told);
    expect(shownByTutorial().length).toBeGreaterThan(20);
    expect(missingLines(shownByTutorial(), told.shown)).toEqual([]);
    expect(told.firstGoldMs).toBeLessThan(60_000);
  });

  it("goes on after another first gold, on what is there already, to a gift that is sent", {
    timeout: START_MS,
  }, async ({ signal }) => {
    secondBeganAt = Date.now();
    const [port] = await freePorts(1);
    const launched = await start([], { TIMINGS: QUICK, DESKTOP_API_KEYS: KEY, PORT: String(port) });
    const apiUrl = `http://127.0.0.1:${port}`;
    const asDesktop = { "X-MGM-ApiKey": KEY };
    const gifts = () => read<GiftRequestDetailsDto[]>(`${apiUrl}/api/gift-requests`, asDesktop);
    try {
      await untilReady(launched, apiUrl);
      const look = lookingAt(launched, signal);
      const asked = await look(async () => (await gifts())[0] ?? null);
      // Nobody asks for a gift before the first gold is delivered and told.
      const { items } = await read<{ items: PayoutDetailsDto[] }>(`${apiUrl}/api/payouts`, asDesktop);
      const first = items.findLast(({ createdAt }) => Date.parse(createdAt) >= secondBeganAt);
      expect(first).toMatchObject({ status: "Sent", isRewardSentAnnouncedToChat: true });
      expect([first?.winnerAcceptedWillingToReceiveAt, first?.mailConfirmedAt]).not.toContain(null);

      // The list has what is open, or agreed to and not sent.
      await look(async () => (await gifts()).every(({ id }) => id !== asked.id) || null);
      const queueUrl = `${apiUrl}/api/streamers/${demoBroadcaster.id}/gift-queue`;
      const { mine } = await read<GiftQueueDto>(queueUrl, await viewerHeaders(asked.viewerId));
      expect(mine).toMatchObject({ id: asked.id, state: "Completed", failureReason: null });
      expect([mine?.selectedItem, mine?.deliveredAt]).not.toContain(null);
    } finally {
      launched.child.kill("SIGINT");
    }
    expect((await launched.ended).code).toBe(0);
    expect(await launched.survivors()).toEqual([]);
    expect(JSON.parse(readFileSync(secretsFileOf(dataDir), "utf8"))).toEqual(secrets);
  });

  it("plays nothing with --no-story, takes the settings, and has both payouts", { timeout: START_MS }, async () => {
    const [port] = await freePorts(1);
    const metricsPort = await freePair();
    const settings = { DESKTOP_API_KEYS: KEY, PORT: String(port), METRICS_PORT: String(metricsPort) };
    // So that Temporal is not where everybody would look for it.
    const usual = createServer().on("error", () => undefined);
    usual.listen(7233, "127.0.0.1");
    const launched = await start(["--no-story"], settings);
    const apiUrl = `http://127.0.0.1:${port}`;
    try {
      await untilReady(launched, apiUrl);
      const { items } = await read<{ items: PayoutDetailsDto[] }>(`${apiUrl}/api/payouts`, { "X-MGM-ApiKey": KEY });
      const sent = items.filter(({ status }) => status === "Sent");
      expect(sent.filter(({ createdAt }) => Date.parse(createdAt) < secondBeganAt)).toHaveLength(1);
      expect(sent.filter(({ createdAt }) => Date.parse(createdAt) >= secondBeganAt).length).toBeGreaterThanOrEqual(1);

      // Both tell the payouts of the earlier starts, and each what only it knows.
      for (const [offset, own] of [
        "mgm_http_request_duration_seconds",
        "temporal_worker_task_slots_available",
      ].entries()) {
        const page = await (await fetch(`http://127.0.0.1:${metricsPort + offset}/metrics`)).text();
        expect(page).toMatch(new RegExp(`^${own}`, "m"));
        expect(page).toMatch(/^mgm_payouts_total\{.*status="Sent"\} [1-9]/m);
      }

      const madeUp = await fetch(`${apiUrl}/api/payouts`, { headers: { "X-MGM-ApiKey": secrets.desktopApiKey ?? "" } });
      expect(madeUp.status).toBe(403);

      const state = await read<RouletteStateDto>(`${apiUrl}/api/roulette/state`, await viewerHeaders("v"));
      expect(state.spinIntervalSeconds).toBe(300);

      expect(await forget(dataDir)).toBe(0);
      expect(await forget(join(folder.path, "elsewhere"))).toBe(1);
      expect(existsSync(join(folder.path, "elsewhere"))).toBe(false);
    } finally {
      launched.child.kill("SIGINT");
      usual.close();
    }
    expect((await launched.ended).code).toBe(0);
    expect(launched.processesSeen()).toBeGreaterThanOrEqual(4);
    expect(await launched.survivors()).toEqual([]);
  });
});

describe("a start that does not get far", () => {
  it("is stopped by a signal while it starts, and leaves nobody behind", { timeout: START_MS }, async () => {
    const another = await emptyFolder();
    const launched = await start(["--no-story"], { DATA_DIR: another.path });
    await once(launched.child.stdout ?? launched.child, "data");
    launched.child.kill("SIGTERM");
    expect((await launched.ended).code).toBe(0);
    expect(await launched.survivors()).toEqual([]);
    await another.remove();
  });

  it("ends with status 1 when somebody else has the port, before anything is made", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const untouched = join(folder.path, "untouched");
    const launched = await start([], { PORT: String(port), DATA_DIR: untouched });
    const { code, stderr } = await launched.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(String(port));
    expect(existsSync(untouched)).toBe(false);
    taken.close();
  });

  it("ends with status 1 over settings that cannot be, and tells all of them", async () => {
    const launched = await start([], { PORT: "none", TIMINGS: '{"wheelMs":0}', LOG_LEVEL: "loud" });
    const { code, stderr } = await launched.ended;
    expect(code).toBe(1);
    for (const name of ["PORT", "TIMINGS", "LOG_LEVEL"]) expect(stderr).toContain(name);
  });

  it.each([["--unknown"], ["word"], ["--once", "--no-story"]])(
    "ends with status 2 over flags: %s %s",
    async (...flags) => {
      const launched = await start(flags.filter((flag) => flag !== undefined));
      expect((await launched.ended).code).toBe(2);
    },
  );
});

async function read<Body>(url: string, headers: Record<string, string>): Promise<Body> {
  const response = await fetch(url, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

/** Looks until there is something to see, or the start or the test's time is over. */
function lookingAt({ ended }: Launched, signal: AbortSignal) {
  const over = new AbortController();
  void ended.then(({ stderr }) => over.abort(new Error(stderr)));
  return <Seen>(look: () => Promise<Seen | null>) => until(look, AbortSignal.any([over.signal, signal]), LOOK_EVERY_MS);
}

async function untilReady(launched: Launched, apiUrl: string): Promise<void> {
  let hasEnded = false;
  void launched.ended.then(() => {
    hasEnded = true;
  });
  await expect
    .poll(
      async () => {
        if (hasEnded) return (await launched.ended).stderr;
        const response = await fetch(`${apiUrl}/readyz`).catch(() => null);
        return response === null ? null : ((await response.json()) as { status: string }).status;
      },
      { timeout: START_MS, interval: 100 },
    )
    .toBe("ok");
}
