import { once } from "node:events";
import { createServer, get, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NetworkProxy } from "./network-proxy.ts";

let server: Server;
let served: number;
let proxy: NetworkProxy;
beforeEach(async () => {
  served = 0;
  server = createServer((_request, response) => {
    served += 1;
    response.end("answer");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy = await NetworkProxy.start((server.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The answer's text; null when the connection broke. */
const ask = (): Promise<string | null> =>
  fetch(proxy.url).then(
    (response) => response.text(),
    () => null,
  );
const untilServed = (count: number) => expect.poll(() => served).toBe(count);

it("passes everything on while it is good, and late when it is slow", async () => {
  expect(await ask()).toBe("answer");
  proxy.delayMs = 60;
  const askedAt = performance.now();
  expect(await ask()).toBe("answer");
  expect(performance.now() - askedAt).toBeGreaterThan(60);
});

it("lets the servers behind it take turns at its connections", async () => {
  const other = createServer((_request, response) => response.end("the other's answer"));
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const portOf = (one: Server) => (one.address() as AddressInfo).port;
  const both = await NetworkProxy.start(portOf(server), portOf(other));
  const answers: string[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const [response] = await once(get(both.url, { agent: false }), "response");
    answers.push(await text(response));
  }
  expect(answers).toEqual(["answer", "the other's answer", "answer"]);
  await both.stop();
  other.close();
});

it("breaks connections while it resets", async () => {
  proxy.meet("reset");
  expect(await ask()).toBeNull();
  expect(served).toBe(0);
});

it("lets a request arrive whose answer is lost, and breaks it when it is good again", async () => {
  proxy.meet("answers_lost");
  const asked = ask();
  await untilServed(1);
  proxy.meet("good");
  expect(await asked).toBeNull();
  expect(await ask()).toBe("answer");
});

it("accepts connections on which nothing moves while it is half open", async () => {
  expect(await ask()).toBe("answer");
  proxy.meet("half_open");
  let isOver = false;
  const asked = ask().finally(() => {
    isOver = true;
  });
  // The server hears nothing of it, however often others go past.
  for (let turn = 0; turn < 5; turn++) {
    const { port } = server.address() as AddressInfo;
    await fetch(`http://127.0.0.1:${port}`);
  }
  expect(served).toBe(6);
  expect(isOver).toBe(false);
  proxy.meet("good");
  expect(await asked).toBeNull();
});

it("keeps the order of what it passes on when the delay falls while something waits", async () => {
  let delayMs = 200;
  const hasFirst = new Promise<void>((resolve) => {
    Object.defineProperty(proxy, "delayMs", {
      get: () => {
        resolve();
        return delayMs;
      },
    });
  });
  const client = connect({ port: Number(new URL(proxy.url).port), host: "127.0.0.1" });
  client.write("GET / HTTP/1.1\r\nHost: here\r\n");
  await hasFirst;
  delayMs = 0;
  client.end("Connection: close\r\n\r\n");
  expect(await text(client)).toMatch(/^HTTP\/1\.1 200 /);
});
