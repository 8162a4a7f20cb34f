import { describe, expect, it } from "vitest";
import { AlertBoard } from "./alert-board.ts";

const shown = (board: AlertBoard) => board.cards.map(({ id, count }) => [id, count]);

describe("what happened", () => {
  it("is shown once however often it happens, counted, the newest first", () => {
    const board = new AlertBoard();
    board.raise({ code: "poll_failed" }, 1);
    board.raise({ code: "command_failed", about: "a" }, 2);
    board.raise({ code: "command_failed", about: "b" }, 3);
    board.raise({ code: "poll_failed" }, 4);
    expect(shown(board)).toEqual([
      ["poll_failed", 2],
      ["command_failed:b", 1],
      ["command_failed:a", 1],
    ]);
  });

  it("is counted anew after it was dismissed", () => {
    const board = new AlertBoard();
    board.raise({ code: "poll_failed" }, 1);
    board.raise({ code: "poll_failed" }, 2);
    expect([board.dismiss("poll_failed"), board.dismiss("poll_failed")]).toEqual([true, false]);
    board.raise({ code: "poll_failed" }, 3);
    expect(shown(board)).toEqual([["poll_failed", 1]]);
  });

  it("is over by its code, or by what it is about", () => {
    const board = new AlertBoard();
    for (const about of ["a", "b"]) board.raise({ code: "command_failed", about }, 1);
    board.clear("command_failed", "a");
    expect(shown(board)).toEqual([["command_failed:b", 1]]);
    board.clear("command_failed");
    expect(shown(board)).toEqual([]);
  });

  it("does not pile up without end", () => {
    const board = new AlertBoard();
    for (let number = 0; number < 1_000; number += 1) board.raise({ code: "fact_refused", about: `${number}` }, number);
    expect(board.cards).toHaveLength(200);
    expect(board.cards[0]?.id).toBe("fact_refused:999");
  });
});

describe("what is so", () => {
  it("is shown as long as it is, and not counted", () => {
    const board = new AlertBoard();
    for (const at of [1, 2, 3]) board.hold(true, { code: "log_missing" }, at);
    expect(shown(board)).toEqual([["log_missing", 1]]);
    board.hold(false, { code: "log_missing" }, 4);
    expect(shown(board)).toEqual([]);
  });

  it("stays dismissed until it was once not so", () => {
    const board = new AlertBoard();
    board.hold(true, { code: "log_missing" }, 1);
    board.dismiss("log_missing");
    board.hold(true, { code: "log_missing" }, 2);
    expect(shown(board)).toEqual([]);
    board.hold(false, { code: "log_missing" }, 3);
    board.hold(true, { code: "log_missing" }, 4);
    expect(shown(board)).toEqual([["log_missing", 1]]);
  });
});
