import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Store } from "../store/store.ts";
import { EventLog } from "./event-log.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-events-"));
  store = await Store.open(join(folder, "store"));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function reopened(): Promise<EventLog> {
  await store.close();
  store = await Store.open(join(folder, "store"));
  return new EventLog(store);
}

const numbers = (log: EventLog) => log.rows.map(({ number }) => number);

it("keeps the newest events over a restart, in order, and no more of them", async () => {
  const log = new EventLog(store);
  for (let at = 1; at <= 1_234; at += 1)
    log.note({ level: "info", code: "forged_lines", details: { count: `${at}` } }, at);
  await log.write();
  const newest = Array.from({ length: 300 }, (_, index) => 935 + index);
  expect(numbers(log)).toEqual(newest);
  const again = await reopened();
  expect(numbers(again)).toEqual(newest);
  expect(store.all("event").size).toBe(300);
  again.note({ level: "good", code: "api_back" }, 2_000);
  expect(again.rows.at(-1)).toEqual({ number: 1_235, at: 2_000, level: "good", code: "api_back", details: {} });
});

it("is empty after it was cleared, also after a restart", async () => {
  const log = new EventLog(store);
  log.note({ level: "info", code: "api_back" }, 1);
  await log.write();
  log.note({ level: "info", code: "api_back" }, 2);
  log.clear();
  log.note({ level: "bad", code: "lease_lost" }, 3);
  await log.write();
  expect((await reopened()).rows.map(({ code }) => code)).toEqual(["lease_lost"]);
});
