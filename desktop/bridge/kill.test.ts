import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accepting, type Heard, type HttpDouble, startHttpDouble } from "../test/http-double.ts";
import { KEY, logLine, tagLine } from "../test/log-lines.ts";
import { seededRandom } from "../test/seeded-random.ts";
import { ONLY, put, Store } from "./store/store.ts";
import { NO_TRUST } from "./trust/trust.ts";

/*
 * The bridge is killed again and again while the game writes its log and the API answers well, badly or not at all. What
 * the seed decides: what is written and where its blocks end, how each request is answered, and at which of them the
 * process dies (before it is answered, or right after).
 */

const SEED = 20_260_404;
const ROUNDS = 20;
const PAYOUTS_A_ROUND = 6;
/** Requests that may be under way when the process dies. */
const UNDER_WAY = 8;

let folder: string;
let server: HttpDouble;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-kill-"));
  server = await startHttpDouble();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const random = seededRandom(SEED);
const below = (limit: number) => Math.floor(random() * limit);

function start(settings: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "desktop/test/doomed-bridge-main.ts"], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: {
      PATH: process.env.PATH,
      STORE_FOLDER: join(folder, "store"),
      LOG_PATH: log(),
      API_URL: server.url,
      ...settings,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

const log = () => join(folder, "WoWChatLog.txt");

/** An id that the seed decides. */
function seededId(): string {
  const hex = Array.from({ length: 32 }, () => below(16).toString(16)).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const forged = (id: string) => [
  logLine(`Eve says: [MGM_CONFIRM:${id}] #${KEY}`),
  logLine(`Eve whispers: [MGM_ACCEPT:${id}] #${KEY}`),
];

/** What the game writes in one round, talk and forgeries among it. */
function linesOf(ids: readonly string[], never: string[]): string {
  const lines = ids.flatMap((id) => {
    const forgedId = seededId();
    never.push(forgedId);
    return [
      logLine("Норинн шепчет: !twgold"),
      tagLine({ name: "ACCEPT", id }),
      ...forged(forgedId),
      tagLine({ name: "SENDING", id }),
      tagLine({ name: "CONFIRM", id }),
      // The addon repeats itself.
      tagLine({ name: "ACCEPT", id }),
    ];
  });
  return lines.join("");
}

it("tells every fact, in order, however often the process is killed", { timeout: 180_000 }, async () => {
  const seeded = await Store.open(join(folder, "store"));
  const payouts = Array.from({ length: (ROUNDS + 1) * PAYOUTS_A_ROUND }, seededId);
  await seeded.commit([
    put("trust", ONLY, { ...NO_TRUST, keys: [{ key: KEY, savedAt: 0, isSpent: false }] }),
    ...payouts.map((id) => put("payout", id, { characterName: "Norinn", at: 0 })),
  ]);
  await seeded.close();
  await writeFile(log(), "");
  const never: string[] = [];
  let kills = 0;

  for (let round = 0; round < ROUNDS; round += 1) {
    const child = start();
    const ended = once(child, "exit");
    let requestsToLive = 1 + below(2 * PAYOUTS_A_ROUND);
    const dies = random() < 0.5 ? "before" : "after";
    server.answer = (heard) => {
      requestsToLive -= 1;
      if (requestsToLive === 0 && dies === "before") child.kill("SIGKILL");
      const fault = random();
      if (fault < 0.1) return { status: 503, body: { code: "temporarily_unavailable" } };
      if (fault < 0.15) return { status: 502, body: "<html>Bad Gateway</html>" };
      if (fault < 0.2) return null;
      const answer = accepting(heard);
      if (requestsToLive === 0) setImmediate(() => child.kill("SIGKILL"));
      return answer;
    };
    const text = Buffer.from(linesOf(payouts.slice(round * PAYOUTS_A_ROUND, (round + 1) * PAYOUTS_A_ROUND), never));
    for (let from = 0; from < text.length; ) {
      const bytes = 1 + below(700);
      await appendFile(log(), text.subarray(from, from + bytes));
      from += bytes;
      if (below(4) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // Whoever survives the requests of a round dies at a moment of its own.
    const timer = setTimeout(() => child.kill("SIGKILL"), 1_500 + below(1_000));
    const [, signal] = await ended;
    clearTimeout(timer);
    expect(signal).toBe("SIGKILL");
    kills += 1;
  }

  server.answer = accepting;
  await appendFile(log(), linesOf(payouts.slice(ROUNDS * PAYOUTS_A_ROUND), never));
  expect(await once(start({ DRAIN: "yes" }), "exit")).toEqual([0, null]);

  expect(kills).toBe(ROUNDS);
  for (const id of payouts) {
    expect(isTold(id, "confirm-acceptance")).toBe(true);
    // Told in order: no mail before the acceptance was taken.
    const taken = server.heard.filter((heard) => heard.path.includes(id) && heard.status === 200);
    expect(what(taken[0])).toBe("confirm-acceptance");
    expect(taken.slice(taken.findIndex((one) => what(one) === "confirm-mail-sent")).map(what)).not.toContain(
      "confirm-acceptance",
    );
    // Twice only where an answer was lost with the process.
    expect(taken.length).toBeLessThanOrEqual(2 + kills);
  }
  const repeated = server.heard.filter(({ status }) => status === 200).length - 2 * payouts.length;
  expect(repeated).toBeLessThanOrEqual(kills * UNDER_WAY);
  expect(never.filter((id) => server.heard.some(({ path }) => path.includes(id)))).toEqual([]);

  const store = await Store.open(join(folder, "store"));
  expect(store.all("fact").size).toBe(0);
  expect(store.all("refusal").size).toBe(0);
  expect(store.all("sending").size).toBe(0);
  expect(store.get("forgeries", ONLY)?.total).toBe(2 * never.length);
  await store.close();
});

const what = (heard: Heard | undefined) => heard?.path.split("/").at(-1);
const isTold = (id: string, word: string) =>
  server.heard.some((heard) => heard.path.includes(id) && what(heard) === word && heard.status === 200);
