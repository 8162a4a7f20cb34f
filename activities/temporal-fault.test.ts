import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { readSettings, temporalSettings } from "./settings.ts";
import { temporalFault } from "./temporal-fault.ts";

/* What no certificate is needed for; those are tried against the real server, in `npm run test:server`. */

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

async function listen(answer: Buffer | null): Promise<string> {
  server = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => (answer === null ? socket.end() : socket.write(answer)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const faultOf = async (settings: Record<string, string>) =>
  (await temporalFault(readSettings(temporalSettings, settings), new Error("it did not work")))?.code ?? null;
const SETTINGS_FRAME = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

it("nobody listens, or nobody is there", async () => {
  const address = await listen(null);
  server?.close();
  expect(await faultOf({ TEMPORAL_ADDRESS: address })).toBe("temporal_unreachable");
  expect(await faultOf({ TEMPORAL_ADDRESS: "nowhere.invalid:7233" })).toBe("temporal_address_unknown");
});

it("one side speaks TLS and the other does not", async () => {
  const address = await listen(SETTINGS_FRAME);
  expect(await faultOf({ TEMPORAL_ADDRESS: address, TEMPORAL_TLS: "true" })).toBe("temporal_expects_no_tls");
  server?.close();
  const alert = Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]);
  for (const answer of [alert, null]) {
    expect(await faultOf({ TEMPORAL_ADDRESS: await listen(answer) })).toBe("temporal_expects_tls");
    server?.close();
  }
});

it("a server that goes along has no fault of this kind", async () => {
  expect(await faultOf({ TEMPORAL_ADDRESS: await listen(SETTINGS_FRAME) })).toBeNull();
});
