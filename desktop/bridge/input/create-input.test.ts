import { describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { createInput, type InputOptions } from "./create-input.ts";

const OPTIONS: InputOptions = { clock: systemClock, chosenWindow: () => null, platform: "darwin", display: undefined };

describe("a machine that cannot type", () => {
  it.each([
    ["darwin", undefined, "platform_unsupported"],
    ["linux", undefined, "no_display"],
    ["linux", "", "no_display"],
    ["linux", ":59000", "no_display"],
    ["linux", ":987654", "no_display"],
    ["linux", "nonsense", "no_display"],
  ] as const)("%s with the display %j says so, and shows no game", async (platform, display, fault) => {
    const input = await createInput({ ...OPTIONS, platform, display });
    expect(input.fault).toBe(fault);
    expect(input.strategies({ strategy: "send_input", mayUseOtherStrategy: true })).toEqual([]);
    expect(await input.desk.findGame()).toBeNull();
    expect(await input.desk.stillForMs()).toBe(0);
    expect(await input.look()).toEqual({ windows: [], picked: null });
    await input.close();
  });
});
