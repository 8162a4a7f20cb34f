import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { REFUSAL_STATUS, type RefusalCode } from "@mgm/domain/refusal";
import { MESSAGES } from "./errors.ts";

/*
 * The server under the API: limits for clients that are slow or send too much, and an end that lets everybody finish.
 *
 *   headers          16 KiB, within 10 s
 *   whole request    within 20 s; what is larger than the body's limit is cut off by the handler
 *   idle connection  closed after 65 s, later than usual proxies close theirs
 */

const HEADER_LIMIT_BYTES = 16 * 1024;
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 20_000;
const IDLE_MS = 65_000;
const LOOK_EVERY_MS = 1_000;
/** How long requests may take to finish once we stop. */
const FINISH_WITHIN_MS = 10_000;

/** The limits on slow clients, in milliseconds. */
export interface SlowClientLimits {
  readonly headersWithinMs: number;
  readonly requestWithinMs: number;
  readonly lookEveryMs: number;
}

const LIMITS: SlowClientLimits = {
  headersWithinMs: HEADERS_WITHIN_MS,
  requestWithinMs: REQUEST_WITHIN_MS,
  lookEveryMs: LOOK_EVERY_MS,
};

/** A server that listens. */
export interface ListeningServer {
  readonly port: number;
  /** Takes no new requests, waits for those that it has, and cuts off what takes too long. */
  stop(): Promise<void>;
}

/** Listens with our limits. */
export async function listenHttp(
  listener: RequestListener,
  { port, host }: { port: number; host: string },
  limits: SlowClientLimits = LIMITS,
): Promise<ListeningServer> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      headersTimeout: limits.headersWithinMs,
      requestTimeout: limits.requestWithinMs,
      connectionsCheckingInterval: limits.lookEveryMs,
      keepAliveTimeout: IDLE_MS,
    },
    listener,
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket));
  await listen(server, port, host);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    stop: () => close(server),
  };
}

/** Requests that never become one: Node's parser refuses them before any handler sees them. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || socket.writableEnded || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const code = codeOf(error);
  const body = JSON.stringify({ code, message: MESSAGES[code], details: {} });
  const head = [
    `HTTP/1.1 ${REFUSAL_STATUS[code]} Refused`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    ...(code === "temporarily_unavailable" ? ["Retry-After: 2"] : []),
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function codeOf(error: NodeJS.ErrnoException): RefusalCode {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return "payload_too_large";
    // Nothing is wrong with the request but its pace: it may well succeed another time.
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return "temporarily_unavailable";
    default:
      return "invalid_payload";
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  // A connection that becomes idle while we stop is of no more use.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cutOff = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearInterval(sweep);
  clearTimeout(cutOff);
}
