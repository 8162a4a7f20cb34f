import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "@mgm/activities/log";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leaksIn, registerSecrets } from "./log-secrets.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-logs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the search of the logs", () => {
  it("finds a secret that was registered, a JWT and a token of Twitch, and nothing else", async () => {
    registerSecrets(folder, ["the secret of the desktop"]);
    await writeFile(join(folder, "clean.log"), '{"msg":"user-Anna enrolled","requestId":"c0ffee"}\n');
    expect(await leaksIn(folder)).toEqual([]);
    await writeFile(join(folder, "a.log"), '{"key":"the secret of the desktop"}\n');
    await writeFile(join(folder, "b.log"), '{"authorization":"Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xl.x"}\n');
    await writeFile(join(folder, "c.log"), '{"t":"user-0d4a1c9e-27c1-4c53-8f0e-7c1f0a2b3c4d"}\n');
    expect((await leaksIn(folder)).map((leak) => leak.slice(0, 5))).toEqual(["a.log", "b.log", "c.log"]);
  });
});

describe("a log", () => {
  /** What stands in the log after something was logged. */
  function logged(write: (log: ReturnType<typeof createLog>) => void): string {
    const lines: string[] = [];
    write(createLog("test", "trace", { write: (line) => void lines.push(line) }));
    return lines.join("");
  }

  it.each([
    ["a header", { headers: { authorization: "hidden-thing", "x-mgm-apikey": "hidden-thing" } }],
    ["a token", { accessToken: "hidden-thing", answer: { refreshToken: "hidden-thing" } }],
    ["a key", { key: "hidden-thing", settings: { password: "hidden-thing" } }],
  ])("leaves out the value of %s", (_, fields) => {
    const text = logged((log) => log.info(fields, "something happened"));
    expect(text).toContain("something happened");
    expect(text).not.toContain("hidden-thing");
  });

  it("leaves secrets out of the addresses that errors quote", () => {
    const error = new Error("GET https://id/token?client_secret=hidden-thing&x=1 failed");
    const cause = new Error("cannot reach postgres://user:hidden-thing@db/mgm");
    const text = logged((log) => log.error({ error, cause }, "failed"));
    expect(text).toContain("x=1 failed");
    expect(text).toContain("@db/mgm");
    expect(text).not.toContain("hidden-thing");
  });
});
