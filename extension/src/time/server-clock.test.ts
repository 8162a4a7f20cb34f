import { describe, expect, it } from "vitest";
import { ServerClock } from "./server-clock.ts";

const SERVER = Date.parse("2026-04-04T12:00:00.000Z");

describe("a browser's clock that is off", () => {
  it.each([0, 90_000, -90_000, 86_400_000])("by %d ms is seen through", (off) => {
    const clock = new ServerClock();
    expect(clock.isSet).toBe(false);
    clock.learn(SERVER, SERVER + off - 100, SERVER + off + 100);
    expect(clock.isSet).toBe(true);
    expect(clock.at(SERVER + off + 5_000)).toBe(SERVER + 5_000);
  });

  it("that is moved while the page is open is seen through at the next answer", () => {
    const clock = new ServerClock();
    clock.learn(SERVER, SERVER, SERVER + 20);
    clock.learn(SERVER + 10_000, SERVER + 100_000, SERVER + 100_040);
    expect(clock.at(SERVER + 100_020)).toBe(SERVER + 10_000);
  });
});

describe("answers of different sharpness", () => {
  it("keeps the sharper look while a vaguer one does not contradict it", () => {
    const clock = new ServerClock();
    clock.learn(SERVER, SERVER - 5, SERVER + 5);
    clock.learn(SERVER + 1_000, SERVER + 500, SERVER + 3_500);
    expect(clock.at(SERVER)).toBe(SERVER);
    clock.learn(SERVER + 9_000, SERVER + 8_999, SERVER + 9_003);
    expect(clock.at(SERVER)).toBe(SERVER - 1);
  });

  it("learns nothing from a copy that a cache kept", () => {
    const clock = new ServerClock();
    clock.learn(SERVER, SERVER, SERVER);
    clock.learn(SERVER, SERVER + 60_000, SERVER + 60_000);
    clock.learn(SERVER - 600_000, SERVER + 61_000, SERVER + 61_000);
    expect(clock.at(SERVER + 61_000)).toBe(SERVER + 61_000);
  });
});
