import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { demandFreePort, freePorts, freePortsBelow, isPortTaken } from "./free-port.ts";

test("free ports are different, and can be listened on at once", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  const servers = ports.map((port) => createServer().listen(port, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  expect(await Promise.all(ports.map(isPortTaken))).toEqual(ports.map(() => true));
  for (const server of servers) server.close();
});

test("free ports below a limit are different, below it, and nobody listens there", async () => {
  const [taken = 0] = await freePortsBelow(10_050, 1);
  const server = createServer().listen(taken, "127.0.0.1");
  await once(server, "listening");
  const ports = await freePortsBelow(10_050, 20);
  expect(new Set([...ports, taken]).size).toBe(21);
  for (const port of ports) expect(port).toBeLessThan(10_050);
  server.close();
});

test("a port on which somebody listens on every address is taken", async () => {
  const server = createServer().listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await expect(demandFreePort(port, "the engine")).rejects.toMatchObject({ code: "port_taken", port });
  server.close();
});
