import { describe, expect, it } from "vitest";
import { payout } from "../../test/window-state.ts";
import { allows, arrange, FIRST_ARRANGEMENT, type SortColumn, sortedBy } from "./payout-rows.ts";

const accepted = { winnerAcceptedWillingToReceiveAt: "2026-04-04T18:00:00.000Z" };
const rows = [
  payout(3, { characterName: "Ёжик", twitchDisplayName: "Fog", status: "InProgress", ...accepted }),
  payout(1, { characterName: "Żółwik", twitchDisplayName: "zolw", isWhispered: false }),
  payout(2, { characterName: "Anna", twitchDisplayName: "anna_tv" }),
];
const names = (changes: Partial<typeof FIRST_ARRANGEMENT>, language = "ru") =>
  arrange(rows, { ...FIRST_ARRANGEMENT, ...changes }, language).map(({ characterName }) => characterName);

describe("the payout queue", () => {
  it("shows the oldest first, until something else is asked for", () => {
    expect(names({})).toEqual(["Ёжик", "Anna", "Żółwik"]);
  });

  it.each<[SortColumn, string[]]>([
    ["character", ["Anna", "Żółwik", "Ёжик"]],
    ["viewer", ["Anna", "Ёжик", "Żółwik"]],
    ["status", ["Ёжик", "Żółwik", "Anna"]],
    ["accepted", ["Ёжик", "Anna", "Żółwik"]],
    ["age", ["Żółwik", "Anna", "Ёжик"]],
    ["id", ["Żółwik", "Anna", "Ёжик"]],
  ])("sorts by %s, and backwards", (column, expected) => {
    expect(names({ column, isDescending: false }, "en")).toEqual(expected);
    if (column !== "status") expect(names({ column, isDescending: true }, "en")).toEqual(expected.toReversed());
  });

  it("filters by what a payout waits for", () => {
    expect([names({ filter: "pending" }), names({ filter: "in_progress" })]).toEqual([["Anna", "Żółwik"], ["Ёжик"]]);
  });

  it("finds characters, viewers and ids in any case, and however a letter was composed", () => {
    expect([
      names({ search: "ё".normalize("NFD") }),
      names({ search: "ANNA_TV" }),
      names({ search: "00000003" }),
    ]).toEqual([["Ёжик"], ["Anna"], ["Ёжик"]]);
  });

  it("turns the order when it is sorted by the same column again", () => {
    const once = sortedBy(FIRST_ARRANGEMENT, "gold");
    expect([once.isDescending, sortedBy(once, "gold").isDescending]).toEqual([false, true]);
  });

  it("offers only what a status allows", () => {
    const [inProgress, pending] = rows;
    const of = (row: (typeof rows)[number] | undefined) =>
      (["mark_sent", "mark_failed", "cancel", "unlock"] as const).filter((change) => row && allows(row, change));
    expect(of(inProgress)).toEqual(["mark_sent", "mark_failed", "cancel", "unlock"]);
    expect(of(pending)).toEqual(["mark_failed", "cancel"]);
    expect(of(payout(9, { status: "Expired" }))).toEqual([]);
  });
});
