import type { ServerResponse } from "node:http";
import type { PubSubMessage } from "../pubsub-routes.ts";
import type { RecordLog } from "../record-log.ts";

/** Hands what was pushed on to everybody who listens. */
export interface PubSubRelay {
  /** Sends everything from now on as server-sent events. */
  follow(response: ServerResponse): void;
  stop(): void;
}

const LOOK_EVERY_MS = 100;

/** Relays a channel's messages; like Twitch, it keeps nothing for those who come later. */
export function relayPubSub(pubSub: RecordLog<PubSubMessage>, broadcasterId: string): PubSubRelay {
  const listeners = new Set<ServerResponse>();
  let seen = pubSub.size;
  const timer = setInterval(() => {
    const fresh = pubSub.all().slice(seen);
    seen = pubSub.size;
    for (const { targets, message } of fresh.filter((one) => one.broadcasterId === broadcasterId)) {
      for (const target of targets) {
        const data = JSON.stringify({ target, message });
        for (const response of listeners) response.write(`data: ${data}\n\n`);
      }
    }
  }, LOOK_EVERY_MS);
  return {
    follow(response) {
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      response.write(":\n\n");
      listeners.add(response);
      response.once("close", () => listeners.delete(response));
    },
    stop() {
      clearInterval(timer);
      for (const response of listeners) response.end();
    },
  };
}
