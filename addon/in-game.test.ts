import { afterEach, describe, expect, it } from "vitest";
import { AddonGame, coverage, type StartGame } from "./test/addon-game.ts";
import { describeBridge } from "./test/in-game/bridge.ts";
import { describeDisorder } from "./test/in-game/disorder.ts";
import { describeGifts } from "./test/in-game/gifts.ts";
import { describeHostileText } from "./test/in-game/hostile-text.ts";
import { describeInterruptions } from "./test/in-game/interruptions.ts";
import { describeMail } from "./test/in-game/mail.ts";
import { describeQuestions } from "./test/in-game/questions.ts";
import { describeWho } from "./test/in-game/who.ts";
import { describeWindows } from "./test/in-game/windows.ts";

/*
 * The addon's own files in the game simulator. The suites stand in test/in-game, and run in one file so that the lines
 * that they execute can be counted together.
 */

const running: AddonGame[] = [];

afterEach(() => {
  const faults = running.flatMap((one) => one.faults());
  for (const one of running.splice(0)) one.game.close();
  if (faults.length > 0) throw new Error(faults.join("\n"));
});

function kept(open: StartGame): StartGame {
  return async (options) => {
    const one = await open(options);
    running.push(one);
    return one;
  };
}

const start = kept((options) => AddonGame.start(options));
const greeted = kept((options) => AddonGame.greeted(options));

describeBridge(start, greeted);
describeQuestions(greeted);
describeWho(greeted);
describeMail(greeted);
describeGifts(greeted);
describeWindows(greeted);
describeHostileText(greeted);
describeInterruptions(greeted);
describeDisorder(greeted);

describe("the addon's lines", () => {
  it("are executed by the tests above, nine in ten at least", () => {
    const missing = coverage.files().flatMap((one) => one.missing.map((line) => `${one.file}:${line}`));
    expect(coverage.percent(), missing.join(" ")).toBeGreaterThan(90);
  });
});
