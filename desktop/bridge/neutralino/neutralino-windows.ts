import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import { z } from "zod";
import { ASK_EVENT, BRIDGE_EVENT, IN_USE_EVENT } from "../../wire/window-link.ts";
import type { Desktop } from "../desktop.ts";
import { attachWindow, type WindowLink } from "../window-link.ts";
import { coreAddress, type Handshake } from "./handshake.ts";

/*
 * The desktop as an extension of Neutralino: one socket to its core, which carries the events of all windows.
 *
 *   window ──extensions.broadcast mgmAsk──► core ──► us        us ──app.broadcast mgmBridge──► core ──► every window
 *
 * The core never kills an extension and never starts one again: when its socket closes, the window is gone, and we end. A
 * socket may also die without a word (a core that hangs, a machine that slept), so it is pinged.
 */

/** The windows of a Neutralino app. */
export interface NeutralinoWindows {
  /** Resolves when the core is gone. */
  readonly gone: Promise<void>;
  close(): void;
}

const PING_MS = 10_000;
/** A native dialog in front of the window keeps the core from answering for as long as it is open: be patient. */
const MOST_MISSED_PINGS = 12;

const eventShape = z.object({ event: z.string(), data: z.unknown() });

/** Connects to the core. Rejects when it does not take us. */
export async function openNeutralinoWindows(desktop: Desktop, handshake: Handshake): Promise<NeutralinoWindows> {
  const socket = new WebSocket(coreAddress(handshake), { perMessageDeflate: false });
  await once(socket, "open");

  const link = attachWindow(desktop, (message) => broadcast(socket, handshake, BRIDGE_EVENT, message));
  socket.on("message", (frame) => hear(link, frame.toString()));
  socket.on("error", () => socket.terminate());
  const stopPinging = terminateWhenSilent(socket);
  const gone = once(socket, "close").then(() => {
    stopPinging();
    link.detach();
  });
  return { gone, close: () => socket.close() };
}

/** Tells every window that another bridge has the data folder. */
export async function sayInUse(handshake: Handshake): Promise<void> {
  const socket = new WebSocket(coreAddress(handshake), { perMessageDeflate: false });
  await once(socket, "open");
  broadcast(socket, handshake, IN_USE_EVENT, null);
  // The answer to our call: the core has read it.
  await once(socket, "message");
  socket.close();
}

function broadcast(socket: WebSocket, { nlToken }: Handshake, event: string, data: unknown): void {
  if (socket.readyState !== socket.OPEN) return;
  const call = { id: randomUUID(), method: "app.broadcast", accessToken: nlToken, data: { event, data } };
  socket.send(JSON.stringify(call));
}

/** Events of windows are ours; answers to our calls and the core's other events are passed over. */
function hear(link: WindowLink, frame: string): void {
  const { success, data } = eventShape.safeParse(parse(frame));
  if (success && data.event === ASK_EVENT) link.receive(JSON.stringify(data.data));
}

function terminateWhenSilent(socket: WebSocket): () => void {
  let missed = 0;
  socket.on("pong", () => {
    missed = 0;
  });
  const timer = setInterval(() => {
    if (missed >= MOST_MISSED_PINGS) socket.terminate();
    else socket.ping();
    missed += 1;
  }, PING_MS);
  return () => clearInterval(timer);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
