import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that arrived, and what it was answered. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  status: number | null;
}

/** How a request is answered; `null` cuts the connection, `never` leaves it open without a word. */
export type Answering = (
  heard: Heard,
) => { status: number; body?: unknown; headers?: Record<string, string> } | "never" | null;

/** An HTTP server that answers as a test wants, for answers that the real API cannot be made to give. */
export interface HttpDouble {
  readonly url: string;
  readonly heard: readonly Heard[];
  answer: Answering;
  /** Called for every request before it is answered. */
  onRequest: (heard: Heard) => void;
  stop(): Promise<void>;
}

/** What the API answers to a fact that it takes: the payout, gift or cycle that the path or body names. */
export const accepting: Answering = ({ path, body }) => {
  const spinCycleId = (body as { spinCycleId?: string } | null)?.spinCycleId;
  const id = path.split("/")[3];
  return { status: 200, body: spinCycleId === undefined ? { id } : { spinCycleId, outcome: "won", payoutId: null } };
};

/** Starts it on a free port. */
export async function startHttpDouble(): Promise<HttpDouble> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const one: Heard = {
      method: request.method ?? "",
      path: request.url ?? "",
      body: text === "" ? null : JSON.parse(text),
      status: null,
    };
    heard.push(one);
    double.onRequest(one);
    const answer = double.answer(one);
    if (answer === "never") return;
    if (answer === null) {
      response.destroy();
      return;
    }
    one.status = answer.status;
    const isText = typeof answer.body === "string";
    response.writeHead(answer.status, { "Content-Type": isText ? "text/html" : "application/json", ...answer.headers });
    response.end(isText ? answer.body : JSON.stringify(answer.body ?? null));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const double: HttpDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer: accepting,
    onRequest: () => undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return double;
}
