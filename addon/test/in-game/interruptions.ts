import type { MailFault } from "@mgm/simulator/game/world/mail-server";
import { describe, expect, it } from "vitest";
import { type AddonGame, idOf, type StartGame } from "../addon-game.ts";

/*
 * A mail is interrupted at some moment, while the server does something of its own. Afterwards a desktop that holds to
 * its rules and a streamer who looks into the mailbox settle it. Whatever happened: one mail arrives, never two, none is
 * confirmed that did not leave, and each is confirmed or was asked about.
 */

const INTERRUPTIONS: Readonly<Record<string, (one: AddonGame) => void>> = {
  "/reload": ({ game }) => game.run("ReloadUI()"),
  relog: ({ game }) => game.logout(),
  crash: ({ game }) => game.crash(),
  "a closed mailbox": ({ game }) => game.run("CloseMail() HideUIPanel(MailFrame)"),
  "walking away": ({ game }) => game.walkAway(),
  "a withdrawal": ({ game }) => game.run(`MGM_Withdraw("${idOf(1)}",77)`),
};

const FAULTS: readonly (MailFault | { readonly kind: "none" })[] = [
  { kind: "none" },
  { kind: "lost" },
  { kind: "silent" },
  { kind: "late", delayMs: 2_000 },
  { kind: "late", delayMs: 13_000 },
  { kind: "failed" },
  { kind: "failed", delayMs: 4_000 },
  { kind: "answered_twice" },
  { kind: "late_money", delayMs: 3_000 },
  { kind: "crash", when: "before" },
  { kind: "crash", when: "taken" },
  { kind: "crash", when: "answered" },
];

/** Moments after the row was queued, in milliseconds. Send is pressed at about 1,450, the question answered at 1,800. */
const MOMENTS = [200, 1_250, 1_500, 1_790, 1_950, 2_400, 5_000, 12_100] as const;

const JAINA = "Jaina";

function step(one: AddonGame, act: () => void): void {
  if (one.game.screen === "world") act();
}

/** Does what the streamer does, while the clock runs towards the interruption. */
function sendWhile(one: AddonGame, interrupt: () => void, atMs: number): void {
  const { game } = one;
  let isDone = false;
  const start = game.clock.nowMs;
  const run = (ms: number) => {
    for (let left = ms; left > 0; left -= 50) {
      game.advance(50);
      if (isDone || game.clock.nowMs - start < atMs) continue;
      isDone = true;
      step(one, interrupt);
    }
  };
  run(1_000);
  step(one, () => one.game.openMailbox());
  step(one, () => one.press("Prepare Mail"));
  run(350);
  step(one, () => game.click("SendMailMailButton"));
  run(350);
  step(one, () => {
    const [popup] = game.evaluate('return (StaticPopup_Visible("SEND_MONEY"))');
    if (typeof popup === "string") game.click(`${popup}Button1`);
  });
  run(14_000);
}

function lastWord(one: AddonGame): string {
  const words = one.events().filter((event) => event.endsWith(" 1"));
  return (words.at(-1) ?? "").replace(" 1", "");
}

/** Every interruption at every moment against every fault of the server. */
export function describeInterruptions(greeted: StartGame): void {
  const cases = Object.keys(INTERRUPTIONS).flatMap((name) => MOMENTS.map((atMs) => [name, atMs] as const));

  describe("a mail that is interrupted", () => {
    it.each(cases)("by %s after %i ms", async (name, atMs) => {
      for (const fault of FAULTS) {
        const one = await greeted({ framesPerSecond: 10, isCounted: false, world: { characters: { [JAINA]: {} } } });
        const about = `${name} at ${atMs}, ${JSON.stringify(fault)}`;
        const mails = () => one.game.player(JAINA).mails.length;
        one.receiveGold([idOf(1), JAINA]);
        if (fault.kind !== "none") one.game.world.mail.addFault(fault);
        sendWhile(one, () => INTERRUPTIONS[name]?.(one), atMs);
        let isSettled = false;
        for (let round = 0; round < 7 && !isSettled; round++) {
          one.game.login();
          one.hello();
          one.wait(4);
          const word = lastWord(one);
          if (one.events().includes("CONFIRM 1")) {
            expect(mails(), about).toBe(1);
            isSettled = true;
          } else if (word === "SENDING" && mails() > 0) {
            // The streamer looked: sent.
            one.type("MGM_Withdraw", [idOf(1)]);
            isSettled = true;
          } else {
            if (word === "SENDING") one.type("MGM_Withdraw", [idOf(1)]);
            expect(mails(), about).toBe(0);
            one.receiveGold([idOf(1), JAINA]);
            one.send();
            one.wait(14);
          }
        }
        expect([isSettled, mails()], about).toEqual([true, 1]);
        one.wait(12);
        expect(one.faults(), about).toEqual([]);
        one.game.close();
      }
    });
  });
}
