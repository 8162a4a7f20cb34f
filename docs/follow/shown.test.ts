import { describe, expect, it } from "vitest";
import { readPage } from "../make/page.ts";
import { missingLines } from "./shown.ts";
import { stepsOf } from "./steps.ts";

const SHOWN = [
  " 20.5 s  drawn: the wheel stops on Norinn; …",
  "payout 6294b2de-825f-4874-a477-9bb6078871bc",
  "sent: …",
];
const ACTUAL = `
  9.1 s  enrolled
 11.0 s  drawn: the wheel stops on Ёжик; the addon asks
 12.1 s  something else
         payout 17533f2b-e1be-4e58-88f8-389fa093bb27
sent: on its word
`;

describe("what a page shows", () => {
  it("is there, whoever was drawn and whenever", () => {
    expect(missingLines(SHOWN, ACTUAL)).toEqual([]);
  });

  it("is missing where a word differs, or the order", () => {
    expect(missingLines(SHOWN, ACTUAL.replace("wheel", "drum"))).toEqual(SHOWN);
    expect(missingLines(SHOWN.toReversed(), ACTUAL)).toEqual(SHOWN.toReversed().slice(1));
  });
});

describe("the tutorial", () => {
  const steps = stepsOf(readPage("docs/tutorial.md").text);

  it("can be followed: after every command that stays comes the key that ends it", () => {
    let running = 0;
    for (const step of steps) {
      if (step.kind === "run" && step.stays) running += 1;
      if (step.kind === "press") running -= 1;
      expect(running === 0 || running === 1).toBe(true);
    }
    expect(running).toBe(0);
  });

  it("begins on a machine that has nothing, and shows what every command says", () => {
    expect(steps[0]).toEqual({ kind: "run", command: "npm ci", stays: false });
    for (const [at, step] of steps.entries()) {
      const isSilent = step.kind !== "press" && (step.kind !== "run" || step.command === "npm ci");
      if (!isSilent) expect(steps[at + 1]?.kind, step.kind).toBe("shows");
    }
  });
});
