import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../temporal/test/world.ts";

const KEYS = { older: "the key until yesterday", newer: "the key from today", theirs: "the key of another channel" };

let world: World;
beforeAll(async () => {
  world = await startWorld({
    worker: false,
    settings: { DESKTOP_API_KEYS: `${KEYS.older}, ${KEYS.newer},another:${KEYS.theirs}`, LIMIT_READS: "100000" },
  });
});
afterAll(() => world.stop());

const ask = async (key: string) => {
  const { status, body } = await world.desktop("GET", "/api/payouts", undefined, { key });
  return { status, code: body.code ?? null };
};
const REFUSED = { status: 403, code: "forbidden_apikey" };

describe("desktop keys", () => {
  it.each(Object.values(KEYS))("are all valid at once, so that one can be replaced: %s", async (key) => {
    expect(await ask(key)).toEqual({ status: 200, code: null });
  });

  it.each([
    ["none", ""],
    ["a wrong one", "wrong"],
    ["the beginning of one", KEYS.older.slice(0, -1)],
    ["one with more behind it", `${KEYS.older}x`],
    ["one in another case", KEYS.older.toUpperCase()],
    ["several in one", `${KEYS.older},${KEYS.newer}`],
    ["one with its channel, as the setting has it", `another:${KEYS.theirs}`],
    ["a huge one", "x".repeat(8_000)],
  ])("let nobody in with %s", async (_, key) => {
    expect(await ask(key)).toEqual(REFUSED);
  });
});
