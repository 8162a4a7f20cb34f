import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openDesktop, TestScreen } from "../test/running-desktop.ts";
import { until } from "../test/until.ts";
import type { BridgeMessage } from "../wire/protocol.ts";
import type { Desktop } from "./desktop.ts";
import { attachWindow, type WindowLink } from "./window-link.ts";

let folder: string;
let desktop: Desktop;
let heard: BridgeMessage[];
let link: WindowLink;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-link-"));
  desktop = await openDesktop({ dataFolder: join(folder, "data"), screen: new TestScreen(null) });
});
afterAll(async () => {
  await desktop.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  heard = [];
  link = attachWindow(desktop, (message) => heard.push(message));
});

const ask = (number: number, action: unknown) => link.receive(JSON.stringify({ type: "ask", number, action }));
const answers = () => heard.flatMap((one) => (one.type === "answer" ? [one] : []));

it.each(["", "{", "null", "7", '{"type":"tell","number":1}', '{"type":"ask","number":"1","action":{}}'])(
  "passes over what is no message: %s",
  async (text) => {
    link.receive(text);
    ask(1, { kind: "clear_events" });
    await until(() => answers().length > 0);
    expect(answers()).toEqual([{ type: "answer", number: 1, result: { ok: true, data: null } }]);
    link.detach();
  },
);

it.each([
  undefined,
  null,
  "sync",
  {},
  { kind: "Sync" },
  { kind: "sync", extra: 1 },
  { kind: "change_payouts", ids: [], change: "cancel" },
  { kind: "change_payouts", ids: ["1"], change: "cancel" },
  { kind: "change_payouts", ids: ["11111111-1111-4111-8111-111111111111"], change: "Expired" },
  { kind: "settle_payout", id: "11111111-1111-4111-8111-111111111111", note: " " },
  { kind: "save_settings", settings: { pollSeconds: 4 } },
  { kind: "save_settings", settings: { unknown: true } },
  { kind: "save_api_key", apiKey: "two\nlines" },
  { kind: "save_api_key", apiKey: "" },
  { kind: "send_again", factNumber: 0 },
  { kind: "list_folder", path: "\0" },
])("answers what is no action with its number: %j", async (action) => {
  ask(5, action);
  await until(() => answers().length > 0);
  expect(answers()).toMatchObject([{ number: 5, result: { ok: false, code: "invalid_action" } }]);
  link.detach();
});

it("answers a refresh with the state before the answer", async () => {
  ask(2, { kind: "refresh" });
  await until(() => answers().length === 1);
  const at = heard.findIndex(({ type }) => type === "answer");
  expect(at).toBeGreaterThanOrEqual(2);
  expect(heard[at - 1]?.type).toBe("state");
  link.detach();
});

it("does so many things at once and no more", async () => {
  for (let number = 0; number < 40; number += 1) ask(number, { kind: "list_folder", path: "/" });
  await until(() => answers().length === 40);
  const refused = answers().filter(({ result }) => !result.ok && result.code === "too_many_actions");
  expect(refused).toHaveLength(8);
  link.detach();
});

it("says nothing any more to a window that is gone", async () => {
  ask(1, { kind: "list_folder", path: "/" });
  link.detach();
  const { length } = heard;
  await desktop.act({ kind: "save_settings", settings: { pollSeconds: 33 } });
  const other = attachWindow(desktop, () => undefined);
  await desktop.act({ kind: "list_folder", path: "/" });
  other.detach();
  expect(heard).toHaveLength(length);
});
