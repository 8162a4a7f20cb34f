import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One address before several processes. */
export interface Balancer {
  readonly url: string;
  /** How many answers came from which port. */
  readonly answered: ReadonlyMap<number, number>;
  /** How many requests a port was given and has not answered. */
  underWay(port: number): number;
  add(port: number): void;
  remove(port: number): void;
  stop(): Promise<void>;
}

/**
 * Gives requests to the processes in turn, as a load balancer does that only looks at connections: who does not take a
 * connection is passed over, and a request that was given to one who then died ends with its connection.
 */
export async function startBalancer(): Promise<Balancer> {
  const ports: number[] = [];
  const answered = new Map<number, number>();
  const given = new Map<number, number>();
  let turn = 0;

  const underWay = (port: number): number => given.get(port) ?? 0;
  const forward = (from: IncomingMessage, body: Buffer, to: ServerResponse, untried: readonly number[]): void => {
    const [port, ...others] = untried;
    if (port === undefined) {
      from.socket.destroy();
      return;
    }
    const options = {
      host: "127.0.0.1",
      port,
      method: from.method,
      path: from.url,
      headers: from.headers,
      agent: false,
    };
    given.set(port, underWay(port) + 1);
    const passed = request(options, (answer) => {
      answered.set(port, (answered.get(port) ?? 0) + 1);
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("error", () => to.destroy()).pipe(to);
    });
    passed.on("close", () => given.set(port, underWay(port) - 1));
    passed.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") forward(from, body, to, others);
      else to.destroy();
    });
    passed.end(body);
  };

  const server = createServer(async (from, to) => {
    const chunks: Buffer[] = [];
    for await (const chunk of from) chunks.push(chunk as Buffer);
    turn += 1;
    const first = ports.length === 0 ? 0 : turn % ports.length;
    forward(from, Buffer.concat(chunks), to, [...ports.slice(first), ...ports.slice(0, first)]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    underWay,
    add: (port) => void ports.push(port),
    remove: (port) => void ports.splice(ports.indexOf(port), 1),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
