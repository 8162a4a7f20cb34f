import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { EngineError } from "./engine-error.ts";

/** The only address the engines listen on: nothing on this machine is meant for the network. */
export const loopback = "127.0.0.1";

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, loopback);
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server without a port");
  return address.port;
}

// A connection that the server's side closes first leaves the port in TIME_WAIT: for a minute the system gives it to
// nobody who asks for "any port", while an engine that asks for it by number (with SO_REUSEADDR) still gets it.
async function release(server: Server): Promise<void> {
  const client = connect(portOf(server), loopback);
  const [[accepted]] = (await Promise.all([once(server, "connection"), once(client, "connect")])) as [
    [import("node:net").Socket],
    unknown,
  ];
  accepted.end();
  await once(client.resume(), "close");
  server.close();
  await once(server, "close");
}

/** As many different ports as asked for, on which nobody listens now. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held until the last is known, else the same one could come twice.
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(release));
  return ports;
}

const LOWEST_PORT = 10_000;

/**
 * As many different ports below a limit, on which nobody listens now. The Temporal server writes its ports into columns
 * of 16 bits with a sign, and what the system gives out by itself begins where these end.
 */
export async function freePortsBelow(limit: number, count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST_PORT, limit);
    if (!(await isPortTaken(port))) ports.add(port);
  }
  return [...ports];
}

/** Whether somebody listens on this port already. */
export async function isPortTaken(port: number): Promise<boolean> {
  try {
    const server = await listen(port);
    server.close();
    await once(server, "close");
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return true;
    throw error;
  }
}

/** Fails with `port_taken` when somebody listens on this port already. */
export async function demandFreePort(port: number, engine: string): Promise<void> {
  if (await isPortTaken(port)) {
    throw new EngineError("port_taken", `${engine} cannot listen on ${loopback}:${port}: the port is taken`, { port });
  }
}
