import type { RouletteStateDto } from "@mgm/domain/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { BOUNDARY, state } from "../../test/scenes.ts";
import { Snapshots } from "./snapshots.ts";

const at = (ms: number): string => new Date(BOUNDARY + ms).toISOString();
const spinning = state({ spinPhase: "spinning", phaseEndsAt: at(10_000), candidate: "Норинн", serverNow: at(2_000) });
const checking = state({ spinPhase: "verification", candidate: "Норинн", serverNow: at(12_000) });
const completed = state({ spinPhase: "completed", phaseEndsAt: at(40_000), serverNow: at(20_000) });
const next = state({
  spinPhase: "spinning",
  nextSpinAt: at(600_000),
  phaseEndsAt: at(310_000),
  serverNow: at(301_000),
});

let snapshots: Snapshots;
beforeEach(() => {
  snapshots = new Snapshots();
});
const push = (stateVersion: number, pushed: RouletteStateDto, now = BOUNDARY + 30_000): boolean =>
  snapshots.takePushed(JSON.stringify({ v: 1, stateVersion, state: pushed }), now, now);

describe("pushed snapshots", () => {
  it("count once, by their number", () => {
    expect(push(5, spinning)).toBe(true);
    expect(push(5, checking)).toBe(false);
    expect(push(4, checking)).toBe(false);
    expect(snapshots.state?.spinPhase).toBe("spinning");
    expect(push(9, checking)).toBe(true);
    expect(snapshots.state?.spinPhase).toBe("verification");
  });

  it("that come late do not lead back behind what was read", () => {
    expect(snapshots.takeRead(completed, 0)).toBe(true);
    expect(push(1, spinning)).toBe(false);
    expect(push(2, checking)).toBe(false);
    expect(snapshots.state?.spinPhase).toBe("completed");
    expect(push(3, { ...completed, poolParticipantCount: 7 })).toBe(true);
    expect(push(4, next, BOUNDARY + 301_000)).toBe(true);
    expect(push(5, completed, BOUNDARY + 302_000)).toBe(false);
    expect(snapshots.state?.spinPhase).toBe("spinning");
  });

  it.each([
    ["no JSON", "{"],
    ["null", "null"],
    ["another kind of message", '{"hello":1}'],
    ["a version that we do not know", JSON.stringify({ v: 2, stateVersion: 1, state: spinning })],
    ["no number", JSON.stringify({ v: 1, state: spinning })],
  ])("of another form are left alone: %s", (_, text) => {
    expect(snapshots.takePushed(text, BOUNDARY, BOUNDARY)).toBe(false);
    expect(snapshots.state).toBeNull();
  });
});

describe("answers", () => {
  it("that were made earlier than the last one are dropped", () => {
    expect(snapshots.takeRead(checking, 0)).toBe(true);
    expect(snapshots.takeRead(spinning, 0)).toBe(false);
    expect(snapshots.state?.spinPhase).toBe("verification");
  });

  it("are not held up by a message of the time before the browser's clock was put back", () => {
    expect(push(1, completed, BOUNDARY + 3_600_000)).toBe(true);
    snapshots.forgetPushedAt();
    expect(snapshots.takeRead(spinning, BOUNDARY + 30_000)).toBe(true);
  });

  it("that were overtaken by a message while under way are dropped, later ones are not", () => {
    const sentAt = BOUNDARY + 11_000;
    expect(push(1, completed, sentAt + 500)).toBe(true);
    expect(snapshots.takeRead(spinning, sentAt)).toBe(false);
    expect(snapshots.state?.spinPhase).toBe("completed");
    expect(snapshots.takeRead({ ...checking, serverNow: at(25_000) }, sentAt + 1_000)).toBe(true);
  });
});
