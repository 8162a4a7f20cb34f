import type { MailFault } from "@mgm/simulator/game/world/mail-server";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AddonGame, GOLD_COPPER, idOf, KEY, type StartGame } from "../addon-game.ts";

/*
 * Two winners and a gift at once, and whatever can go wrong in any order: the streamer's hands, the client's ends, the
 * server's moods, other mails, other money. In between and at the end a desktop that holds to its rules settles what is
 * open: it says hello, the streamer looks into the winners' mailboxes, what did not arrive is named again.
 *
 * Whatever happened: each gets one mail of ours, never two, and each is confirmed or was asked about.
 */

const CLOTH = 33470;
const OTHER_KEY = "fedcba9876543210";
const SUBJECT = "Mimiron's Gold-o-Matic";

type Place = { readonly bag: number; readonly slot: number };

/** One of the three mails: how it is named, and how many of it arrived. */
type Order = { readonly number: number; readonly confirmed: string; name(): void; arrived(): number };

function ordersOf(one: AddonGame, place: Place): Order[] {
  const mails = (name: string, copper: number, items: number) =>
    one.game.player(name).mails.filter((mail) => {
      return mail.subject === SUBJECT && mail.copper === copper && mail.items.length === items;
    }).length;
  return [
    {
      number: 1,
      confirmed: "CONFIRM 1",
      name: () => one.receiveGold([idOf(1), "Jaina"]),
      arrived: () => mails("Jaina", GOLD_COPPER, 0),
    },
    {
      number: 2,
      confirmed: "CONFIRM 2",
      name: () => one.receiveGold([idOf(2), "Thrall"]),
      arrived: () => mails("Thrall", GOLD_COPPER, 0),
    },
    {
      number: 3,
      confirmed: "GIFT_SENT 3",
      name: () => one.type("MGM_SendGift", [idOf(3), "Jaina", place.bag, place.slot, CLOTH, 20]),
      arrived: () => mails("Jaina", 0, 1),
    },
  ];
}

/** Sends by hand what looks like ours, or not. What was prepared and only got another subject is ours: it is let be. */
function sendByHand(one: AddonGame, name: string, copper: number): void {
  one.game.openMailbox();
  if (one.game.evaluate("return SendMailSubjectEditBox:GetText()")[0] === SUBJECT) return;
  one.game.run(`MailFrameTab_OnClick(nil, 2) SendMailNameEditBox:SetText("${name}")
    SendMailSubjectEditBox:SetText("x") MoneyInputFrame_SetCopper(SendMailMoney, ${copper})`);
  one.wait(0.2);
  one.game.clickSend();
}

/** Another addon's mail. With our stack in the form it would take that along: then it is let be. */
function sendByScript(one: AddonGame, copper: number): void {
  if (one.game.evaluate("return (GetSendMailItem(1))")[0] !== undefined) return;
  one.game.run(`SetSendMailMoney(${copper}) SendMail("Varian", "x", "")`);
}

const ACTIONS: Readonly<Record<string, (one: AddonGame) => void>> = {
  "prepare and send": (one) => one.send(),
  "prepare only": (one) => one.prepare(),
  "press Send": (one) => one.game.clickSend(),
  "say yes by script": (one) => one.game.run("SetSendMailMoney(10000000) SendMailFrame_SendMail()"),
  "close the mailbox": (one) => one.game.closeMailbox(),
  "walk away": (one) => one.game.walkAway(),
  "/reload": (one) => one.game.reload(),
  relog: (one) => one.game.logout(),
  crash: (one) => one.game.crash(),
  hello: (one) => one.hello(),
  "hello of another desktop": (one) => one.hello({ key: OTHER_KEY }),
  "hello of the first desktop": (one) => one.hello({ key: KEY }),
  "mail by hand, the same": (one) => sendByHand(one, "Jaina", GOLD_COPPER),
  "mail by hand, another sum": (one) => sendByHand(one, "Thrall", 777),
  "mail by another addon": (one) => sendByScript(one, 777),
  "mail by another addon, the same": (one) => sendByScript(one, GOLD_COPPER),
  "buy for the postage": (one) => one.game.world.changeMoney(-30),
  "earn the postage": (one) => one.game.world.changeMoney(30),
  "put the stack into the hand": (one) => one.game.run("PickupContainerItem(0, 2)"),
};

const FAULTS: readonly MailFault[] = [
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

const PAUSES = [0, 50, 100, 250, 700, 1_500, 4_000, 9_900, 12_000, 20_000] as const;

// Half of all steps send something, so that the others have something to interrupt.
const SENDS = ["prepare and send", "mail by another addon", "mail by another addon, the same", "settle"];
const step = fc.record({
  action: fc.oneof(fc.constantFrom("prepare and send", ...SENDS), fc.constantFrom(...Object.keys(ACTIONS))),
  pauseMs: fc.constantFrom(...PAUSES),
});
const scenario = fc.record({
  faults: fc.array(fc.oneof(fc.constantFrom(...FAULTS), fc.constant(undefined)), { minLength: 1, maxLength: 6 }),
  steps: fc.array(step, { minLength: 3, maxLength: 14 }),
});

/** Does something; the game may die in the middle of it. */
function attempt(one: AddonGame, act: () => void): void {
  if (one.game.screen !== "world") return;
  try {
    act();
  } catch (error) {
    if (one.game.screen === "world") throw error;
  }
}

/** One game, its three orders, and those who look after them. */
class Story {
  readonly one: AddonGame;
  readonly orders: Order[];
  readonly #settledByHand = new Set<number>();

  constructor(one: AddonGame) {
    this.one = one;
    const place = one.game.world.inventory.put(CLOTH, { count: 20 });
    this.orders = ordersOf(one, place);
    for (const order of this.orders) order.name();
  }

  isDone(order: Order): boolean {
    return this.#settledByHand.has(order.number) || this.one.events().includes(order.confirmed);
  }

  /** What the desktop and the streamer do when they come back to it. */
  settle(): void {
    const { one } = this;
    one.game.login();
    attempt(one, () => {
      one.game.run("ClearCursor()");
      one.hello();
      one.wait(4);
    });
    attempt(one, () => this.#answer());
  }

  #answer(): void {
    const { one } = this;
    const events = one.events();
    for (const order of this.orders) {
      if (this.isDone(order)) continue;
      const isOpen = events.filter((event) => event.endsWith(` ${order.number}`)).at(-1) === `SENDING ${order.number}`;
      if (isOpen) one.type("MGM_Withdraw", [idOf(order.number)]);
      // The streamer looked into the winner's mailbox.
      if (isOpen && order.arrived() > 0) this.#settledByHand.add(order.number);
      else order.name();
    }
  }

  play(action: string, pauseMs: number): void {
    const { game } = this.one;
    if (action === "settle") this.settle();
    else attempt(this.one, () => ACTIONS[action]?.(this.one));
    game.advance(pauseMs);
  }

  finish(): void {
    const { one } = this;
    for (let round = 0; round < 12 && this.orders.some((order) => !this.isDone(order)); round++) {
      this.settle();
      one.wait(1);
      attempt(one, () => one.send());
      one.wait(32);
    }
  }
}

/** Everything in any order. */
export function describeDisorder(greeted: StartGame): void {
  describe("whatever goes wrong in any order", () => {
    it("each mail arrives once, and is confirmed or asked about", async () => {
      await fc.assert(
        fc.asyncProperty(scenario, async ({ faults, steps }) => {
          const world = { characters: { Jaina: {}, Thrall: {}, Varian: {} } };
          const one = await greeted({ framesPerSecond: 10, isCounted: false, world });
          const story = new Story(one);
          const noFault = { kind: "late", delayMs: 0 } as const;
          one.game.world.mail.addFault(...faults.map((fault) => fault ?? noFault));
          for (const { action, pauseMs } of steps) story.play(action, pauseMs);
          story.finish();
          expect(story.orders.map((order) => [order.arrived(), story.isDone(order)])).toEqual(
            story.orders.map(() => [1, true]),
          );
          expect(one.faults()).toEqual([]);
          one.game.close();
        }),
        { numRuns: Number(process.env.MGM_RUNS ?? 60), seed: Number(process.env.MGM_SEED ?? 5), endOnFailure: false },
      );
    });
  });
}
