import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ListeningServer, listenHttp } from "./http-server.ts";

const LIMITS = { headersWithinMs: 200, requestWithinMs: 400, lookEveryMs: 50 };

let server: ListeningServer;
let finish: () => void = () => undefined;
beforeAll(async () => {
  server = await listenHttp(
    (request, response) => {
      if (request.url === "/slow") finish = () => void response.end("done");
      else request.resume().on("end", () => response.end("done"));
    },
    { port: 0, host: "127.0.0.1" },
    LIMITS,
  );
});
afterAll(() => server.stop());

/** Sends these pieces one by one, and gives back what came until the connection ended. */
async function raw(pieces: readonly string[], { to = server.port, pauseMs = 0 } = {}): Promise<string> {
  const socket = connect(to, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("utf8");
  });
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()).on("error", () => resolve()));
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    if (pauseMs > 0) await Promise.race([delay(pauseMs), ended]);
  }
  await ended;
  return received;
}

function refusal(received: string): unknown {
  const [head = "", body = ""] = received.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), closes: /connection: close/i.test(head), body: JSON.parse(body) };
}

const told = (status: number, code: string) => ({
  status,
  closes: true,
  body: { code, message: expect.any(String), details: {} },
});

describe("a request that the parser refuses", () => {
  it.each([
    ["nonsense", ["EHLO example\r\n\r\n"]],
    ["two lengths", ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"]],
    [
      "a length beside chunks",
      ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ],
    ["a header without a name", ["GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n"]],
  ])("because of %s gets an error in our form", async (_, pieces) => {
    expect(refusal(await raw(pieces))).toEqual(told(400, "invalid_payload"));
  });

  it("because of headers that are too large gets one too", async () => {
    const headers = `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${"x".repeat(20_000)}\r\n\r\n`;
    expect(refusal(await raw([headers]))).toEqual(told(413, "payload_too_large"));
  });
});

describe("a client that is too slow", () => {
  it("with its headers is told to come again, and cut off", async () => {
    const drip = ["GET / HTTP/1.1\r\n", ...Array.from({ length: 40 }, (_, index) => `X-${index}: y\r\n`)];
    expect(refusal(await raw(drip, { pauseMs: 50 }))).toEqual(told(503, "temporarily_unavailable"));
  });

  it("with its body is told to come again, and cut off", async () => {
    const drip = ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", ...Array<string>(60).fill("x")];
    expect(refusal(await raw(drip, { pauseMs: 50 }))).toEqual(told(503, "temporarily_unavailable"));
  });
});

describe("a server that stops", () => {
  it("answers what it has begun, and takes nothing new", async () => {
    const stopping = await listenHttp(
      (_, response) => {
        finish = () => void response.end("done");
      },
      { port: 0, host: "127.0.0.1" },
      LIMITS,
    );
    const url = `http://127.0.0.1:${stopping.port}/slow`;
    finish = () => undefined;
    const begun = finish;
    const answer = fetch(url).then((response) => response.text());
    while (finish === begun) await delay(5);
    const stopped = stopping.stop();
    await expect(fetch(url)).rejects.toThrow();
    finish();
    expect(await answer).toBe("done");
    await stopped;
  });
});
