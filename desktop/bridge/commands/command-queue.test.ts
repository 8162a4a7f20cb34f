import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock, settle } from "../../test/fake-clock.ts";
import { until } from "../../test/until.ts";
import { ONLY, put, Store } from "../store/store.ts";
import { type CommandAlert, CommandQueue, type CommandRequest } from "./command-queue.ts";
import * as texts from "./command-text.ts";
import { type InputStrategy, type TypingResult, WORLD_LEFT } from "./input.ts";
import type { CommandKind, TypingBan } from "./typing-rules.ts";

const ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const OTHER = "11111111-8b86-d011-b42d-00c04fc964ff";

/** A game that shows what was typed into it. */
class Keyboard implements InputStrategy {
  readonly lines: string[] = [];
  result: TypingResult = { ok: true };
  onLine: (line: string) => void = () => undefined;
  readonly name: "post_message" | "send_input";
  constructor(name: "post_message" | "send_input") {
    this.name = name;
  }
  signal: AbortSignal | null = null;
  async type(line: string, signal: AbortSignal): Promise<TypingResult> {
    this.signal = signal;
    this.lines.push(line);
    this.onLine(line);
    return this.result;
  }
}

let folder: string;
let store: Store;
let clock: FakeClock;
let keyboard: Keyboard;
let other: Keyboard;
let alerts: CommandAlert[];
let banned: Map<CommandKind, TypingBan>;
let stillMs: number;
let stopping: AbortController;
let running: Promise<void>;
let queue: CommandQueue;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-queue-"));
  store = await Store.open(folder);
  clock = new FakeClock();
  keyboard = new Keyboard("post_message");
  other = new Keyboard("send_input");
  alerts = [];
  banned = new Map();
  stillMs = 60_000;
  start([keyboard]);
});
afterEach(async () => {
  await stop();
  await store.close();
  await rm(folder, { recursive: true });
});

function start(strategies: readonly InputStrategy[]): void {
  queue = new CommandQueue({
    store,
    clock,
    desk: { stillForMs: async () => stillMs },
    strategies,
    ban: (kind) => banned.get(kind) ?? null,
    alert: (alert) => alerts.push(alert),
  });
  stopping = new AbortController();
  running = queue.run(stopping.signal);
}

async function stop(): Promise<void> {
  stopping.abort();
  await running;
}

const numberOf = (line = "") => Number(/(\d+)\)$/.exec(line)?.[1]);
const acknowledging = (line: string) => queue.acknowledge(numberOf(line));
const whisper = (id = ID): CommandRequest => ({
  about: `whisper:${id}`,
  kind: "other",
  text: () => texts.whisperWinner(id, "Bob"),
});
const withdrawal: CommandRequest = { about: `withdraw:${ID}`, kind: "withdraw", text: () => texts.withdraw(ID) };
const isIdle = () => queue.waiting.length === 0;

describe("a command", () => {
  it("is numbered, saved, typed once and done when the addon has it", async () => {
    keyboard.onLine = acknowledging;
    queue.request(whisper());
    await until(isIdle);
    await until(() => store.get("command", `whisper:${ID}`)?.state === "acknowledged");
    expect(keyboard.lines).toHaveLength(1);
    expect(numberOf(keyboard.lines[0])).toBe(Math.floor(clock.now() / 1_000));
    await clock.advance(60_000);
    expect(keyboard.lines).toHaveLength(1);
    expect(alerts).toEqual([]);
  });

  it("is saved before it is typed", async () => {
    let saved: unknown;
    keyboard.onLine = () => {
      saved = store.get("command", `whisper:${ID}`);
    };
    queue.request(whisper());
    await until(() => keyboard.lines.length === 1);
    expect(saved).toMatchObject({ state: "typed", number: numberOf(keyboard.lines[0]) });
  });

  it("asked for twice is typed once", async () => {
    keyboard.onLine = acknowledging;
    queue.request(whisper());
    queue.request(whisper());
    await until(isIdle);
    expect(keyboard.lines).toHaveLength(1);
  });

  it("waits for the one before it, numbers growing", async () => {
    queue.request(whisper());
    queue.request(whisper(OTHER));
    await until(() => keyboard.lines.length === 1);
    await settle();
    expect(keyboard.lines).toHaveLength(1);
    keyboard.onLine = acknowledging;
    acknowledging(keyboard.lines[0] ?? "");
    await until(isIdle);
    expect(numberOf(keyboard.lines[1])).toBe(numberOf(keyboard.lines[0]) + 1);
  });

  it("is never numbered below the clock, nor twice when the clock was put back", async () => {
    await store.commit([put("counter", ONLY, { command: 9_000_000_000, fact: 0 })]);
    keyboard.onLine = acknowledging;
    queue.request(whisper());
    await until(isIdle);
    expect(numberOf(keyboard.lines[0])).toBe(9_000_000_001);
  });
});

describe("without an acknowledgement", () => {
  it("it is typed three times under one number, then given up with an alert", async () => {
    queue.request(whisper());
    await until(async () => {
      await clock.advance(10_000);
      return alerts.length > 0;
    });
    expect(isIdle()).toBe(true);
    expect(keyboard.lines).toHaveLength(3);
    expect(new Set(keyboard.lines).size).toBe(1);
    expect(alerts).toEqual([{ code: "command_failed", about: `whisper:${ID}`, fault: "not_acknowledged" }]);
    expect(store.get("command", `whisper:${ID}`)?.state).toBe("failed");
  });

  it("the other strategy gets its own attempts, if it is allowed", async () => {
    await stop();
    start([keyboard, other]);
    keyboard.result = { ok: false, code: "not_permitted" };
    other.onLine = acknowledging;
    queue.request(whisper());
    await until(async () => {
      await clock.advance(2_000);
      return isIdle();
    });
    expect([keyboard.lines.length, other.lines.length]).toEqual([3, 1]);
    expect(other.lines[0]).toBe(keyboard.lines[0]);
    expect(alerts).toEqual([]);
  });

  it("a new attempt of the streamer keeps the number: the addon may have acted unheard", async () => {
    queue.request(whisper());
    await until(async () => {
      await clock.advance(10_000);
      return isIdle();
    });
    keyboard.onLine = acknowledging;
    queue.request(whisper());
    await until(isIdle);
    expect(new Set(keyboard.lines).size).toBe(1);
  });

  it("a bridge that died after typing types it again under the same number", async () => {
    queue.request(whisper());
    await until(() => keyboard.lines.length === 1);
    await stop();
    await clock.advance(5_000);
    start([keyboard]);
    keyboard.onLine = acknowledging;
    queue.request(whisper());
    await until(isIdle);
    expect(keyboard.lines[1]).toBe(keyboard.lines[0]);
  });

  it("a command said aloud counts as failed at once", async () => {
    keyboard.onLine = (line) => queue.hear(`4/4 12:00:00.000  Mimiron says: ${line.slice(5)}`);
    queue.request(whisper());
    await until(async () => {
      await clock.advance(2_000);
      return alerts.length > 0;
    });
    expect(keyboard.lines).toHaveLength(3);
    expect(alerts).toEqual([{ code: "command_failed", about: `whisper:${ID}`, fault: "said_aloud" }]);
  });
});

describe("a world that the game leaves while something is typed", () => {
  it("stops the keys, and costs no attempt: it is typed again in the next world", async () => {
    queue.request(whisper());
    await until(() => keyboard.lines.length === 1);
    banned.set("other", "no_world");
    queue.leaveWorld();
    await until(() => keyboard.signal?.reason === WORLD_LEFT);
    await clock.advance(60_000);
    expect([keyboard.lines.length, alerts.length]).toEqual([1, 0]);
    banned.clear();
    queue.recheck();
    await until(async () => {
      await clock.advance(10_000);
      return alerts.length > 0;
    });
    expect(keyboard.lines).toHaveLength(4);
  });

  it("drops the hello that the streamer clicked for, typed or not", async () => {
    const clicked = { kind: "hello_by_hand", text: () => texts.hello("f".repeat(32), "a".repeat(16)) } as const;
    queue.request({ ...clicked, about: "hello" });
    await until(() => keyboard.lines.length === 1);
    queue.request({ ...clicked, about: "another" });
    queue.leaveWorld();
    await clock.advance(60_000);
    expect([keyboard.lines.length, queue.waiting, alerts]).toEqual([1, [], []]);
  });

  it("is no news about what was acknowledged before", async () => {
    keyboard.onLine = (line) => {
      acknowledging(line);
      queue.leaveWorld();
    };
    queue.request(whisper());
    await until(isIdle);
    await until(() => store.get("command", `whisper:${ID}`)?.state === "acknowledged");
    expect(keyboard.signal?.aborted).toBe(false);
  });
});

describe("the order", () => {
  it("puts withdrawals before all that acts, also between two attempts", async () => {
    queue.request(whisper());
    await until(() => keyboard.lines.length === 1);
    queue.request(withdrawal);
    keyboard.onLine = acknowledging;
    await clock.advance(10_000);
    await until(isIdle);
    expect(keyboard.lines.map((line) => line.slice(5, 17))).toEqual(["NotifyWinner", "MGM_Withdraw", "NotifyWinner"]);
  });

  it("lets what is allowed pass what is banned", async () => {
    banned.set("other", "no_hello");
    keyboard.onLine = acknowledging;
    queue.request(whisper());
    queue.request(withdrawal);
    await until(() => queue.waiting.length === 1);
    expect(queue.waiting).toEqual([`whisper:${ID}`]);
    banned.clear();
    queue.recheck();
    await until(isIdle);
  });

  it("types anew what was taken back while it was typed, and asked for again", async () => {
    queue.request(whisper());
    await until(() => keyboard.lines.length === 1);
    queue.cancel(`whisper:${ID}`);
    queue.request(whisper());
    acknowledging(keyboard.lines[0] ?? "");
    await until(() => keyboard.lines.length === 2);
    acknowledging(keyboard.lines[1] ?? "");
    await until(isIdle);
  });

  it("answered between two attempts is not typed again", async () => {
    queue.request(whisper());
    await until(() => keyboard.lines.length === 1);
    // The person at the keyboard keeps the second attempt waiting, and the log brings the answer to the first.
    stillMs = 0;
    await clock.advance(11_000);
    acknowledging(keyboard.lines[0] ?? "");
    await until(isIdle);
    stillMs = 60_000;
    await clock.advance(60_000);
    expect(keyboard.lines).toHaveLength(1);
    expect(alerts).toEqual([]);
  });

  it("forgets what was taken back", async () => {
    banned.set("other", "no_world");
    queue.request(whisper());
    queue.cancel(`whisper:${ID}`);
    banned.clear();
    queue.recheck();
    await settle();
    expect(keyboard.lines).toEqual([]);
  });
});

describe("a hello", () => {
  const hello: CommandRequest = {
    about: "hello",
    kind: "hello",
    text: () => texts.hello("f".repeat(32), "a".repeat(16)),
  };

  it("takes a new number each time, and is over when it is answered", async () => {
    queue.request(hello);
    await until(() => keyboard.lines.length === 1);
    await clock.advance(10_000);
    await until(() => keyboard.lines.length === 2);
    expect(numberOf(keyboard.lines[1])).toBeGreaterThan(numberOf(keyboard.lines[0]));
    queue.fulfil("hello");
    await until(isIdle);
    expect(alerts).toEqual([]);
  });

  it("goes before withdrawals that are not acknowledged: a client that crashed has forgotten the key", async () => {
    queue.request(withdrawal);
    await until(() => keyboard.lines.length === 1);
    queue.request(hello);
    keyboard.onLine = acknowledging;
    await clock.advance(10_000);
    await until(isIdle);
    expect(keyboard.lines.map((line) => line.slice(5, 14))).toEqual(["MGM_Withd", "MGM_Hello", "MGM_Withd"]);
  });

  it("unanswered leaves the addon its time before the other strategy says it again, and holds up nobody meanwhile", async () => {
    await stop();
    start([keyboard, other]);
    queue.request({ ...hello, attempts: 1, unansweredPauseMs: 60_000 });
    await until(() => keyboard.lines.length === 1);
    await clock.advance(10_000);
    queue.recheck();
    await clock.advance(40_000);
    keyboard.onLine = acknowledging;
    queue.request(withdrawal);
    await until(() => keyboard.lines.length === 2);
    expect(other.lines).toEqual([]);
    await clock.advance(20_000);
    queue.recheck();
    await until(() => other.lines.length === 1);
  });
});

describe("a person at the keyboard", () => {
  it("is waited for, with an alert after half a minute", async () => {
    stillMs = 200;
    keyboard.onLine = acknowledging;
    queue.request(whisper());
    await clock.advance(29_000);
    expect(alerts).toEqual([]);
    await clock.advance(2_000);
    expect(alerts).toEqual([{ code: "hands_busy", about: `whisper:${ID}` }]);
    expect(keyboard.lines).toEqual([]);
    stillMs = 1_000;
    await clock.advance(250);
    await until(isIdle);
    expect(keyboard.lines).toHaveLength(1);
  });
});
