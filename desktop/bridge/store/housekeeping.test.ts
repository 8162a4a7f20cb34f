import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { wantDraw } from "../loop/gift-draw.ts";
import { outdated } from "./housekeeping.ts";
import { put, Store } from "./store.ts";

const HOUR = 3_600_000;

it("forgets what has long been over, and nothing that is owed or asked", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mgm-tidy-"));
  const store = await Store.open(folder);
  const fact = { number: 1, content: { kind: "accepted", payoutId: "a" }, addedAt: 0 } as const;
  await store.commit([
    put("told", "old", { at: 0 }),
    put("told", "new", { at: HOUR }),
    put("command", "whisper:a", { number: 1, state: "acknowledged", at: 0 }),
    put("payout", "a", { characterName: "Bob", at: 0 }),
    put("cycle", "c", { verifyUntil: 0 }),
    put("gift", "g", wantDraw("Bob", 0)),
    put("fact", "1", fact),
    put("refusal", "2", { fact, code: "not_found", at: 0 }),
    put("question", "a", { reason: "sending_open", raisedAt: 0 }),
    put("injected", "a", { kind: "gold", at: 0, isRecalled: false, process: null, isOnRecord: true }),
    put("failure", "a", { at: 0 }),
  ]);
  await store.commit(outdated(store, 96 * HOUR + 1));
  expect([...store.all("told").keys()]).toEqual(["new"]);
  for (const table of ["command", "payout", "cycle", "failure", "gift"] as const) expect(store.all(table).size).toBe(0);
  for (const table of ["fact", "refusal", "question", "injected"] as const) expect(store.all(table).size).toBe(1);
  await store.close();
  await rm(folder, { recursive: true });
});
