import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readVectors } from "./golden/vectors.ts";
import { isId } from "./instant.ts";
import {
  boundaryAt,
  drawUntil,
  isBoundary,
  judgeReport,
  type ReportedCycle,
  refusedReason,
  SHOWN_OUTCOMES,
  type SpinOutcome,
  spinCycleId,
  verifyUntil,
} from "./spin-cycle.ts";
import { CONTRACT_TIMINGS } from "./timings.ts";

const sha1 = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest();
const vectors = readVectors(readFileSync(new URL("golden/spin-cycle-ids.tsv", import.meta.url), "utf8"));
const B = Date.UTC(2026, 3, 4, 12, 0, 0);

describe("spinCycleId", () => {
  it("is held to vectors", () => {
    expect(vectors.length).toBeGreaterThan(5);
  });

  it.each(vectors)("is golden line $line", ({ columns: [broadcasterId = "", boundary = "", id = ""] }) => {
    expect(spinCycleId(broadcasterId, Number(boundary), sha1)).toBe(id);
  });

  it("is a lower-case UUID of version 5, another one for every broadcaster and boundary", () => {
    const cycle = fc.tuple(fc.stringMatching(/^[1-9][0-9]{0,9}$/), fc.nat());
    fc.assert(
      fc.property(cycle, cycle, (one, other) => {
        const [id, otherId] = [one, other].map(([who, count]) => spinCycleId(who, count * 300_000, sha1));
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(isId(id ?? "")).toBe(true);
        expect(id === otherId).toBe(one.join(":") === other.join(":"));
      }),
    );
  });
});

describe("boundaries", () => {
  it.each([
    [B, B, true],
    [B + 1, B, false],
    [B + 299_999, B, false],
    [B + 300_000, B + 300_000, true],
    [B - 1, B - 300_000, false],
    [0, 0, true],
  ])("of %d", (time, newest, isOne) => {
    expect(boundaryAt(time, 300_000)).toBe(newest);
    expect(isBoundary(time, 300_000)).toBe(isOne);
  });

  it("are the multiples of the interval, the newest one never in the future", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 42 }), fc.integer({ min: 1, max: 3_600_000 }), (now, intervalMs) => {
        const boundary = boundaryAt(now, intervalMs);
        expect(isBoundary(boundary, intervalMs)).toBe(true);
        expect(boundary <= now && now < boundary + intervalMs).toBe(true);
        expect(isBoundary(now, intervalMs)).toBe(boundary === now);
      }),
    );
  });

  it("give a draw their grace, and a report that of the next one", () => {
    expect(drawUntil(B, CONTRACT_TIMINGS)).toBe(B + 30_000);
    expect(verifyUntil(B, CONTRACT_TIMINGS)).toBe(B + 330_000);
  });
});

describe("judgeReport", () => {
  const until = B + 330_000;
  const drawn: ReportedCycle = { candidateName: "Норинн", verifyUntil: until, outcome: null, reportedOnline: null };
  const won: ReportedCycle = { ...drawn, outcome: "won", reportedOnline: true };
  const offline: ReportedCycle = { ...drawn, outcome: "offline", reportedOnline: false };
  const unverified: ReportedCycle = { ...drawn, outcome: "unverified" };
  const empty: ReportedCycle = { ...drawn, candidateName: null };
  const years = until + 100_000_000_000;

  it.each<[string, ReportedCycle | null, string | null, boolean, number, string]>([
    ["an unknown cycle", null, "Норинн", true, B, "out_of_sequence"],
    ["an unknown cycle, an invalid name, too late", null, null, true, years, "out_of_sequence"],
    ["nobody eligible", { ...empty, outcome: "nobody_eligible" }, "Норинн", true, B, "pool_empty"],
    ["a missed cycle, an invalid name, too late", { ...empty, outcome: "missed" }, null, true, years, "pool_empty"],
    ["another name", drawn, "Norinn", true, B, "character_name_mismatch"],
    ["a name that is none", drawn, null, true, B, "character_name_mismatch"],
    ["another name, too late", drawn, "Norinn", true, years, "character_name_mismatch"],
    ["another name after the decision", won, "Norinn", true, B, "character_name_mismatch"],
    ["the first report, online", drawn, "Норинн", true, B, "decides"],
    ["the first report, offline", drawn, "Норинн", false, B, "decides"],
    ["the first report at the very end", drawn, "Норинн", true, until, "decides"],
    ["the first report, late by a millisecond", drawn, "Норинн", true, until + 1, "out_of_sequence"],
    ["the deciding report again", won, "Норинн", true, B, "repeats"],
    ["the deciding report again, too late", won, "Норинн", true, until + 1, "repeats"],
    ["the deciding report again after years", offline, "Норинн", false, years, "repeats"],
    ["the report of a refused winner again", { ...won, outcome: "refused" }, "Норинн", true, years, "repeats"],
    ["a deciding report whose outcome is not stored yet", { ...won, outcome: null }, "Норинн", true, B, "repeats"],
    ["its contradiction", { ...won, outcome: null }, "Норинн", false, B, "out_of_sequence"],
    ["online after offline", offline, "Норинн", true, B, "out_of_sequence"],
    ["offline after online", won, "Норинн", false, B, "out_of_sequence"],
    ["offline after a refusal", { ...won, outcome: "refused" }, "Норинн", false, B, "out_of_sequence"],
    ["a report after nobody reported", unverified, "Норинн", true, until + 5_001, "out_of_sequence"],
    ["a report in time, told after the decision", unverified, "Норинн", true, until, "out_of_sequence"],
  ])("of %s", (_, cycle, characterName, online, receivedAt, expected) => {
    const judgement = judgeReport(cycle, { characterName, online }, receivedAt);
    expect(judgement.ok ? judgement.kind : judgement.code).toBe(expected);
  });

  it("lets one report decide, and gives it its answer for ever", () => {
    const report = fc.record({
      characterName: fc.constantFrom("Норинн", "Norinn", null),
      online: fc.boolean(),
      receivedAt: fc.integer({ min: B, max: until + 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 20 }), (reports) => {
        let cycle = drawn;
        const decisive = reports.find((each) => each.characterName === "Норинн" && each.receivedAt <= until);
        for (const each of reports) {
          const judgement = judgeReport(cycle, each, each.receivedAt);
          if (judgement.ok && judgement.kind === "decides") {
            expect(each).toBe(decisive);
            cycle = { ...cycle, reportedOnline: each.online, outcome: each.online ? "won" : "offline" };
          }
          if (judgement.ok) expect(each.online).toBe(decisive?.online);
        }
        expect(cycle.reportedOnline).toBe(decisive?.online ?? null);
      }),
    );
  });
});

describe("refusedReason", () => {
  const payable = { hasActivePayout: false, countedCopper: 0, isInPool: true };

  it.each([
    ["a candidate in the pool", payable, null],
    ["a candidate with room for one more payout", { ...payable, countedCopper: 90_000_000 }, null],
    ["one who left", { ...payable, isInPool: false }, "not_enrolled"],
    ["one at the cap", { ...payable, countedCopper: 100_000_000 }, "lifetime_cap_reached"],
    ["one with an active payout", { ...payable, hasActivePayout: true }, "active_payout_exists"],
    ["one at the cap who left", { ...payable, countedCopper: 100_000_000, isInPool: false }, "lifetime_cap_reached"],
    ["an active payout who left", { ...payable, hasActivePayout: true, isInPool: false }, "active_payout_exists"],
    [
      "an active payout at the cap",
      { ...payable, hasActivePayout: true, countedCopper: 100_000_000 },
      "active_payout_exists",
    ],
    ["all three", { hasActivePayout: true, countedCopper: 100_000_000, isInPool: false }, "active_payout_exists"],
  ])("of %s", (_, standing, expected) => {
    expect(refusedReason(standing)).toBe(expected);
  });
});

describe("SHOWN_OUTCOMES", () => {
  it("leave out the cycles that had no candidate", () => {
    const all: SpinOutcome[] = ["won", "offline", "unverified", "refused", "nobody_eligible", "missed"];
    const shown: readonly SpinOutcome[] = SHOWN_OUTCOMES;
    expect(all.filter((outcome) => !shown.includes(outcome))).toEqual(["nobody_eligible", "missed"]);
  });
});
