import { once } from "node:events";
import { createServer } from "node:net";
import { freePorts, isPortTaken } from "../engines/free-port.ts";
import { StartError } from "./start-error.ts";

/** The port for the API: the wanted one, or any free one for 0. Throws a StartError when it cannot be had. */
export async function claimablePort(port: number, host: string): Promise<number> {
  if (port === 0) return (await freePorts(1))[0] ?? 0;
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new StartError(reasonOf((error as NodeJS.ErrnoException).code ?? "unknown", port, host), { cause: error });
  }
  server.close();
  await once(server, "close");
  return port;
}

function reasonOf(code: string, port: number, host: string): string {
  const remedy = `Choose another with PORT, for example: PORT=${port === 65_535 ? 8080 : port + 1} npm start`;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} is taken: another program listens on ${host}:${port}, perhaps an earlier start. ${remedy}`;
    case "EACCES":
      return `Port ${port} may not be opened by this user. ${remedy}`;
    default:
      return `Nothing can listen on ${host}:${port} (${code}); HOST and PORT choose the address.`;
  }
}

/** The ports of the API's metrics and of the worker's: the wanted one and the next, where nobody has them, else any. */
export async function metricsPorts(wanted: number): Promise<{ api: number; worker: number }> {
  const [any = 0, other = 0] = await freePorts(2);
  if (wanted === 0) return { api: any, worker: other };
  const next = wanted === 65_535 ? 0 : wanted + 1;
  return {
    api: (await isPortTaken(wanted)) ? any : wanted,
    worker: next === 0 || (await isPortTaken(next)) ? other : next,
  };
}

/** A well-known port when nobody has it, else 0: any. */
export async function preferredPort(port: number): Promise<number> {
  return (await isPortTaken(port)) ? 0 : port;
}
