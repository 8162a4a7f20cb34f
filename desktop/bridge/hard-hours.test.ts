import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatHello, formatTag, type Tag } from "@mgm/domain/chat-line/tag";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answering, type Heard, type HttpDouble, startHttpDouble } from "../test/http-double.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { HELLO, logLine, writeLines } from "../test/log-lines.ts";
import { until } from "../test/until.ts";
import { Bridge } from "./bridge.ts";
import type { Clock } from "./clock.ts";
import { put, Store } from "./store/store.ts";

/* Hours in which the machine and the network do what they like: clocks that are wrong or put right, an API that hangs. */

const HOUR = 3_600_000;
const ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const CYCLE = "11111111-8b86-d011-b42d-00c04fc964ff";
const NEXT_CYCLE = "22222222-8b86-d011-b42d-00c04fc964ff";

/** The machine's clock, which may be put. */
class PutClock implements Clock {
  readonly #inner = new HurriedClock();
  shiftMs = 0;
  now(): number {
    return this.#inner.now() + this.shiftMs;
  }
  elapsed(): number {
    return this.#inner.elapsed();
  }
  sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return this.#inner.sleep(durationMs, signal);
  }
  stop(): void {
    this.#inner.stop();
  }
}

let folder: string;
let logPath: string;
let clock: PutClock;
let store: Store;
let server: HttpDouble;
let bridge: Bridge;
let typed: string[];
let game: { processId: number; startedAt: number };
let stillMs: number;
/** Lines that hold this do not reach the game. */
let unheard: string | null;
/** What the API answers, by the end of its path. */
let answers: Record<string, ReturnType<Answering>>;
let stopping: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-hours-"));
  logPath = join(folder, "WoWChatLog.txt");
  clock = new PutClock();
  store = await Store.open(join(folder, "store"));
  server = await startHttpDouble();
  typed = [];
  game = { processId: 1, startedAt: clock.now() };
  stillMs = 60_000;
  unheard = null;
  answers = {
    heartbeat: { status: 200, body: { active: true, activeDesktopId: null, activeSince: null } },
    version: { status: 200, body: { version: "1.0.0", minimumAddonVersion: "0.1.0", minimumDesktopVersion: "0.1.0" } },
    candidate: { status: 200 },
    pending: { status: 200, body: [] },
    "verify-candidate": { status: 200, body: { spinCycleId: CYCLE, outcome: "won", payoutId: null } },
  };
  server.answer = ({ path }) => answers[path.split("/").at(-1)?.split("?")[0] ?? ""] ?? null;
  bridge = new Bridge({
    store,
    desktopId: randomUUID(),
    desktopVersion: "0.1.0",
    apiUrl: server.url,
    apiKey: "key",
    logPath,
    desk: { findGame: async () => game, stillForMs: async () => stillMs },
    strategies: [{ name: "post_message", type: async (line) => await play(line) }],
    clock,
    alert: () => undefined,
    pollMs: 5_000,
    syncsByItself: false,
  });
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort();
  await running;
  clock.stop();
  await server.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

/** The game has shown a world, or not yet; then the bridge begins. */
async function start({ isInWorld }: { isInWorld: boolean }): Promise<void> {
  if (isInWorld) await writeFile(logPath, logLine("[MGM_READY]", new Date(clock.now())));
  running = bridge.run(stopping.signal);
}

/** An addon that acknowledges everything and answers each hello. */
async function play(line: string) {
  typed.push(line);
  if (unheard !== null && line.includes(unheard)) return { ok: true } as const;
  const [, nonce, key] = /MGM_Hello\("(\w+)","(\w+)"/.exec(line) ?? [];
  if (nonce !== undefined) await write(formatHello(nonce, HELLO));
  const number = Number(/(\d+)\)$/.exec(line)?.[1]);
  await say({ name: "ACK", number }, key);
  return { ok: true } as const;
}
const write = (body: string) => writeLines(logPath, logLine(body, new Date(clock.now())));
const say = (tag: Tag, key = store.get("trust", "")?.keys.at(-1)?.key ?? "") => write(formatTag(tag, key));

const heard = (end: string): Heard[] => server.heard.filter(({ path }) => path.endsWith(end));
const isTyped = (name: string) => typed.some((line) => line.includes(name));
const isReady = () => bridge.view.ban === null;
const waits = (about: string) => bridge.view.waiting.includes(about);
const candidate = (spinCycleId: string, verifyUntilMs: number): ReturnType<Answering> => ({
  status: 200,
  body: { spinCycleId, characterName: "Норинн", spinPhase: "verification", verifyUntil: iso(verifyUntilMs) },
});
const iso = (at: number) => new Date(at).toISOString();
/** So many seconds of the hurried clock, in which everybody works. */
async function pass(seconds: number): Promise<void> {
  const end = clock.now() + seconds * 1_000;
  await until(() => clock.now() >= end);
}

describe("a beat", () => {
  it("is as old as the question, not as the answer", async () => {
    server.onRequest = ({ path }) => {
      // The answer to the first one takes its time; there is no other.
      if (path.endsWith("heartbeat") && heard("heartbeat").length === 1) clock.shiftMs += 9_000;
    };
    const answer = server.answer;
    server.answer = (one) => (heard("heartbeat").length > 1 ? null : answer(one));
    const askedAt = clock.now();
    await start({ isInWorld: true });
    await until(() => bridge.view.isActive);
    await until(() => clock.now() >= askedAt + 62_000);
    expect(bridge.view.isActive).toBe(false);
  });

  it("goes on, and so do polls, when the clock is put back", async () => {
    await start({ isInWorld: true });
    await until(isReady);
    clock.shiftMs -= HOUR;
    const [beats, polls] = [heard("heartbeat").length, heard("pending").length];
    await until(() => heard("heartbeat").length > beats + 1 && heard("pending").length > polls + 1);
    await until(isReady);
  });
});

describe("mail of which the log may lack the end", () => {
  const named = {
    kind: "gold",
    isRecalled: false,
    process: { processId: 9, startedAt: 1 },
    isOnRecord: false,
  } as const;

  it("is a question in time when the clock is put back after the hello", async () => {
    await store.commit([put("injected", ID, { ...named, at: clock.now() })]);
    clock.shiftMs += HOUR;
    game = { processId: 1, startedAt: clock.now() };
    unheard = "MGM_Withdraw";
    await start({ isInWorld: true });
    await until(isReady);
    clock.shiftMs -= HOUR;
    await pass(40);
    expect(store.get("question", ID)).toMatchObject({ reason: "session_not_flushed" });
  });

  it("is no question before the addon had its time, when the clock is put forward", async () => {
    await store.commit([put("injected", ID, { ...named, at: clock.now() })]);
    unheard = "MGM_Withdraw";
    await start({ isInWorld: true });
    await until(isReady);
    clock.shiftMs += HOUR;
    await pass(10);
    expect(store.get("question", ID)).toBeUndefined();
  });

  it("is a question in time when it was announced in what is the future now", async () => {
    const ahead = clock.now() + HOUR;
    await store.commit([put("sending", ID, { since: ahead, helloAt: ahead })]);
    await start({ isInWorld: true });
    await pass(45);
    expect(store.get("question", ID)).toMatchObject({ reason: "sending_open" });
  });

  it("is on record when the game says goodbye at a time that comes again", async () => {
    await store.commit([put("injected", ID, { ...named, at: clock.now() + HOUR })]);
    unheard = "MGM_Withdraw";
    await start({ isInWorld: true });
    await until(isReady);
    await say({ name: "BYE" });
    await until(() => store.get("injected", ID)?.isOnRecord === true);
  });

  it("leaves the queue though it was named in what is the future now", async () => {
    await store.commit([put("injected", ID, { ...named, isOnRecord: true, at: clock.now() + HOUR })]);
    await start({ isInWorld: true });
    await until(() => store.get("injected", ID) === undefined);
  });
});

describe("a world", () => {
  it("is still there when the clock is put back", async () => {
    await start({ isInWorld: true });
    await until(isReady);
    clock.shiftMs -= HOUR;
    // A line of the time that comes again.
    await say({ name: "ACK", number: 1 });
    await until(() => (store.get("world", "")?.at ?? 0) < game.startedAt - 2_000);
    await until(isReady);
    expect(bridge.view.isWorldShown).toBe(true);
  });

  it("is seen when the clock is put back between the game's start and its world", async () => {
    await start({ isInWorld: false });
    await pass(2);
    clock.shiftMs -= HOUR;
    await write("[MGM_READY]");
    await until(isReady);
  });

  it("is no other game's when the time comes again at which it was seen", async () => {
    await start({ isInWorld: true });
    await until(() => isReady() && bridge.view.waiting.length === 0);
    // Its last words are read.
    await pass(3);
    clock.shiftMs -= 30_000;
    game = { processId: 2, startedAt: clock.now() };
    await pass(35);
    expect(bridge.view.ban).toBe("no_world");
  });

  it("is none of a game that was started after the clock was put back", async () => {
    await start({ isInWorld: true });
    await until(isReady);
    clock.shiftMs -= HOUR;
    game = { processId: 2, startedAt: clock.now() };
    const before = typed.length;
    await pass(10);
    expect(bridge.view.ban).toBe("no_world");
    expect(typed).toHaveLength(before);
    await write("[MGM_READY]");
    await until(isReady);
  });
});

describe("a /who report", () => {
  it("counts until the API's clock says that it is late, whatever this machine's says", async () => {
    const ahead = HOUR;
    const serverNow = clock.now();
    clock.shiftMs = ahead;
    game = { processId: 1, startedAt: clock.now() };
    answers.heartbeat = {
      status: 200,
      body: { active: true, serverNow: iso(serverNow), nextSpinAt: null, spinIntervalSeconds: 300, paused: false },
    };
    answers.candidate = candidate(CYCLE, serverNow + 300_000);
    await start({ isInWorld: true });
    await until(() => isTyped("MGM_RunWhoForSpin"));
    const report = { spinCycleId: CYCLE, characterName: "Норинн", online: true, capturedAt: iso(serverNow) };
    await say({ name: "WHO", report });
    await until(() => store.get("told", `cycle:${CYCLE}:Норинн:true`) !== undefined || store.all("refusal").size > 0);
    expect(heard("verify-candidate")).toHaveLength(1);
  });

  it("counts when the clock is put forward before it", async () => {
    const serverNow = () => iso(clock.now() - clock.shiftMs);
    const answer = server.answer;
    server.answer = (one) => {
      if (!one.path.endsWith("heartbeat")) return answer(one);
      return {
        status: 200,
        body: { active: true, serverNow: serverNow(), nextSpinAt: null, spinIntervalSeconds: 300 },
      };
    };
    answers.candidate = candidate(CYCLE, clock.now() + 300_000);
    await start({ isInWorld: true });
    await until(() => isTyped("MGM_RunWhoForSpin"));
    clock.shiftMs += HOUR;
    const polls = heard("pending").length;
    await until(() => heard("pending").length > polls + 1);
    const report = { spinCycleId: CYCLE, characterName: "Норинн", online: true, capturedAt: serverNow() };
    await say({ name: "WHO", report });
    await until(() => heard("verify-candidate").length > 0 || store.all("refusal").size > 0);
    expect(store.all("refusal").size).toBe(0);
  });
});

describe("what waits for a world", () => {
  it("is dropped when nobody wants it any more", async () => {
    answers.candidate = candidate(CYCLE, clock.now() + HOUR);
    answers.pending = { status: 200, body: [payout(ID)] };
    await start({ isInWorld: false });
    await until(() => waits(`who:${CYCLE}`) && waits(`whisper:${ID}`));
    answers.candidate = candidate(NEXT_CYCLE, clock.now() + HOUR);
    answers.pending = { status: 200, body: [] };
    await until(() => waits(`who:${NEXT_CYCLE}`) && !waits(`whisper:${ID}`));
    expect(waits(`who:${CYCLE}`)).toBe(false);
    answers.candidate = { status: 200 };
    await until(() => !waits(`who:${NEXT_CYCLE}`));
  });
});

describe("a hello by hand", () => {
  it("that may not be typed now is not typed later, when nobody clicks", async () => {
    answers.heartbeat = { status: 200, body: { active: false, activeDesktopId: randomUUID(), activeSince: null } };
    await start({ isInWorld: false });
    await until(() => heard("pending").length > 0);
    expect(bridge.sayHello()).toBe("not_active");
    answers.heartbeat = { status: 200, body: { active: true, activeDesktopId: null, activeSince: null } };
    await until(() => bridge.view.isActive);
    await pass(3);
    expect(typed).toEqual([]);
    expect(bridge.sayHello()).toBeNull();
    await until(() => isTyped("MGM_Hello"));
  });
});

describe("a world that the game leaves while a hello is typed", () => {
  it("costs the hello's key and nonce: the next world is greeted with others, and nothing was typed in between", async () => {
    unheard = "MGM_Hello";
    await start({ isInWorld: true });
    await until(() => isTyped("MGM_Hello"));
    await write("[MGM_BYE]");
    await until(() => bridge.view.ban === "no_world");
    const leftAt = typed.length;
    unheard = null;
    await pass(20);
    expect(typed).toHaveLength(leftAt);
    await write("[MGM_READY]");
    await until(isReady);
    const secrets = typed.flatMap((line) => /MGM_Hello\("(\w+)","(\w+)"/.exec(line)?.slice(1) ?? []);
    expect(new Set(secrets).size).toBe(4);
    expect(store.get("trust", "")?.keys.map(({ isSpent }) => isSpent)).toEqual([true, false]);
  });
});

describe("a withdrawal that was given up", () => {
  it("is typed again when the streamer says what became of the mail", async () => {
    unheard = "MGM_Withdraw";
    const named = { kind: "gold", at: clock.now(), isRecalled: false, process: null, isOnRecord: true } as const;
    await store.commit([put("injected", ID, named)]);
    await start({ isInWorld: true });
    await until(() => isReady() && store.get("command", `withdraw:${ID}`)?.state === "failed");
    await store.commit([put("question", ID, { reason: "sending_open", raisedAt: clock.now() })]);
    unheard = null;
    expect(await bridge.answer(ID, "not_sent")).toEqual({ ok: true });
    await until(() => store.get("injected", ID) === undefined);
  });
});

describe("an API that takes requests and never answers", () => {
  it("does not keep us from seeing that the game is another one, at its login screen", async () => {
    await start({ isInWorld: true });
    await until(isReady);
    stillMs = 0;
    bridge.request({ about: "test", kind: "other", text: () => ({ name: "MGM_Withdraw", args: [ID] }) });
    await until(() => waits("test"));
    for (const route of Object.keys(answers)) answers[route] = "never";
    const polls = server.heard.length;
    await until(() => server.heard.length > polls);
    // It takes longer than clocks may differ.
    await pass(5);
    game = { processId: 2, startedAt: clock.now() };
    stillMs = 60_000;
    await pass(3);
    expect(isTyped(ID)).toBe(false);
    expect(bridge.view.ban).toBe("no_world");
  });
});

function payout(id: string) {
  return {
    id,
    characterName: "Норинн",
    status: "Pending",
    heldBy: null,
    winnerAcceptedWillingToReceiveAt: null,
  };
}
