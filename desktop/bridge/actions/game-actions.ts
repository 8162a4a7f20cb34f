import { randomBytes } from "node:crypto";
import type { Hello } from "@mgm/domain/chat-line/payload";
import type { ActionData, ActionResult } from "../../wire/protocol.ts";
import type { Bridge } from "../bridge.ts";
import * as texts from "../commands/command-text.ts";
import type { Desktop } from "../desktop.ts";
import type { Sight } from "../sights.ts";
import { done, failed, NOT_CONNECTED } from "./results.ts";

/* Trying out the way to the game and back. Everything is typed by the same queue under the same rules as the rest. */

/** The log may come in blocks, and whoever sits there may be typing. */
const PATIENCE_MS = 45_000;
/** The whisper goes through the server; then the addon is made to write its log. */
const WHISPER_MS = 1_500;

/** The streamer's click: a hello, also where no world is known to be shown. */
export function sayHello(desktop: Desktop): ActionResult {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const ban = bridge.sayHello();
  return ban === null ? done() : failed(ban);
}

/** This desktop becomes the active one. */
export function takeOver(desktop: Desktop): ActionResult {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  bridge.takeOver();
  return done();
}

/**
 * Says hello, measures, and waits until the addon has said who it is: what follows in a set-up is allowed only then. What
 * is measured is the acknowledgement, which may be told before that or after it.
 */
export async function measureLog(desktop: Desktop): Promise<ActionResult> {
  const { bridge, clock, memory } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const isWaiting = () => bridge.view.waiting.includes("hello");
  // A bridge that has only just begun has not looked yet: its first tick tells.
  const hindrance = memory.api.state === "unknown" ? null : helloHindrance(bridge);
  if (hindrance !== null) return failed(hindrance);
  const askedAt = clock.elapsed();
  let hello: Hello | null = null;
  let delayMs: number | null = null;
  const heard = soon(desktop, (sight) => {
    if (sight.kind === "tick") {
      const ban = helloHindrance(bridge);
      return ban === null ? null : failed(ban);
    }
    if (sight.kind === "hello") {
      hello = sight.hello;
      // An earlier hello's answer, late: ours was taken back untyped.
      if (!isWaiting()) delayMs ??= clock.elapsed() - askedAt;
    }
    if (sight.kind === "command" && sight.command.about === "hello") {
      const { command } = sight;
      // One that was being typed at the click may have failed, and ours is next.
      if (command.phase === "failed" && !isWaiting()) return failed(command.fault);
      if (command.phase === "acknowledged") delayMs = command.delayMs;
    }
    return hello === null || delayMs === null ? null : done(helloData(hello, delayMs));
  });
  bridge.sayHello();
  return (await heard) ?? failed("no_answer");
}

/** What keeps the streamer's own hello from being typed. A world that is not known, and what only a hello settles, do not. */
function helloHindrance({ view: { ban } }: Bridge): string | null {
  return ban === "no_game" || ban === "not_active" || ban === "desktop_too_old" ? ban : null;
}

/** Has the streamer's character whisper to itself, and waits until the log says so. */
export async function testWhisper(desktop: Desktop): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const { ban } = bridge.view;
  if (ban !== null) return failed(ban);
  const text = `MGM${randomBytes(6).toString("hex")}`;
  const askedAt = desktop.clock.elapsed();
  const heard = soon(desktop, (sight) => (isWhispered(sight, text) ? "heard" : failureOf(sight)));
  bridge.request({ about: "test_whisper", kind: "other", text: () => texts.whisperMyself(text) });
  const flush = setInterval(
    () => bridge.request({ about: "test_flush", kind: "other", text: () => texts.acknowledgeOnly(), attempts: 1 }),
    WHISPER_MS,
  );
  const outcome = await heard;
  clearInterval(flush);
  if (outcome !== "heard") return failed(outcome ?? "no_answer");
  return done({ kind: "measured", delayMs: desktop.clock.elapsed() - askedAt });
}

/** Which of several game windows is meant. */
export async function pickWindow(desktop: Desktop, { windowId }: { readonly windowId: string }): Promise<ActionResult> {
  if (!desktop.memory.screen.windows.some(({ id }) => id === windowId)) return failed("no_such_window");
  await desktop.change({ gameWindow: windowId });
  return done();
}

/** The first sight that says something; null when nothing does in time. */
function soon<Said>(desktop: Desktop, read: (sight: Sight) => Said | null): Promise<Said | null> {
  return new Promise((resolve) => {
    const end = (said: Said | null) => {
      clearTimeout(timer);
      stop();
      resolve(said);
    };
    const stop = desktop.watch((sight) => {
      const said = read(sight);
      if (said !== null) end(said);
    });
    const timer = setTimeout(() => end(null), PATIENCE_MS);
  });
}

function helloData({ character, realm, addonVersion }: Hello, delayMs: number): ActionData {
  return { kind: "hello", character, realm, addonVersion, delayMs };
}

function isWhispered(sight: Sight, text: string): boolean {
  // What was typed into an open chat box holds the text too, but as a command.
  return sight.kind === "talk" && sight.text.includes(text) && !sight.text.includes("SendChatMessage");
}

function failureOf(sight: Sight): string | null {
  if (sight.kind !== "command" || sight.command.about !== "test_whisper") return null;
  return sight.command.phase === "failed" ? sight.command.fault : null;
}
