import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PayoutDetailsDto } from "@mgm/domain/wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../test/fake-clock.ts";
import { aboutGold, aboutWhisper, aboutWithdrawal } from "../commands/about.ts";
import { CommandQueue } from "../commands/command-queue.ts";
import { put, Store } from "../store/store.ts";
import { PayoutKeeper } from "./payout-keeper.ts";
import { Session } from "./session.ts";

const [OLD, NEW] = ["6f9619ff-8b86-d011-b42d-00c04fc964ff", "11111111-8b86-d011-b42d-00c04fc964ff"];
const GOLD = { kind: "gold", at: 1, isRecalled: false, process: null, isOnRecord: true } as const;

let folder: string;
let store: Store;
let queue: CommandQueue;
let keeper: PayoutKeeper;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-keeper-"));
  store = await Store.open(folder);
  const clock = new FakeClock();
  const desk = { stillForMs: async () => 60_000 };
  // It types nothing: what waits is what would be typed.
  queue = new CommandQueue({ store, clock, desk, strategies: [], ban: () => null, alert: () => undefined });
  keeper = new PayoutKeeper({ store, queue, session: new Session(), clock, desktopId: "us" });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const acknowledged = { number: 7, state: "acknowledged", at: 2 } as const;
const held = (id: string): PayoutDetailsDto =>
  ({ id, characterName: "Norinn", status: "InProgress", heldBy: "us", winnerAcceptedWillingToReceiveAt: "x" }) as never;
const look = (...ids: string[]) => keeper.look(ids.map(held), { isActive: true, isOwedGift: () => false });

describe("gold that waits to be named", () => {
  it("is taken back while something has to leave the queue, and asked for again once it has left", async () => {
    await store.commit([put("command", aboutWhisper(NEW), acknowledged)]);
    await look(NEW);
    const about = aboutGold([NEW]);
    expect(queue.waiting).toContain(about);
    await store.commit([put("injected", OLD, GOLD)]);
    await look(NEW);
    expect(queue.waiting).toEqual([aboutWithdrawal(OLD)]);
    // The withdrawal is given up: still nothing may be named.
    queue.cancel(aboutWithdrawal(OLD));
    await look(NEW);
    expect(queue.waiting).toEqual([]);
    await store.commit([put("command", aboutWithdrawal(OLD), acknowledged)]);
    await look(NEW);
    expect(queue.waiting).toEqual([about]);
  });
});

describe("a naming that was never acknowledged", () => {
  it("is forgotten with the withdrawal of any of its rows: its number would name nothing again", async () => {
    const unheard = { number: 5, state: "failed", at: 1 } as const;
    await store.commit([
      put("injected", OLD, GOLD),
      put("command", aboutGold([OLD, NEW]), unheard),
      put("command", aboutGold([NEW]), unheard),
      put("command", aboutWithdrawal(OLD), acknowledged),
    ]);
    await look();
    expect(store.get("injected", OLD)).toBeUndefined();
    expect([...store.all("command").keys()]).toEqual([aboutGold([NEW])]);
  });
});
