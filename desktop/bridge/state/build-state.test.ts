import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PayoutDetailsDto } from "@mgm/domain/wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BridgeView } from "../bridge-view.ts";
import { defaultSettings } from "../settings/settings.ts";
import { put, Store } from "../store/store.ts";
import { AlertBoard } from "./alert-board.ts";
import { buildState, type StateParts } from "./build-state.ts";
import { EventLog } from "./event-log.ts";
import { Memory } from "./memory.ts";

const NOW = Date.parse("2026-04-04T12:00:00.000Z");
const HOUR_MS = 3_600_000;
/** A bridge on a machine whose clock is so far ahead of the API's. */
const bridgeAhead = (aheadMs: number): BridgeView => ({
  game: null,
  isWorldShown: false,
  isLogPresent: true,
  hello: null,
  isAddonNewEnough: null,
  isDesktopTooOld: false,
  spins: { nextSpinAt: null, isPaused: false, intervalMs: 300_000, aheadMs },
  isActive: true,
  waiting: [],
  ban: "no_game",
  syncable: [],
});
const CYCLE = "22222222-2222-4222-8222-222222222222";
const PAYOUT: PayoutDetailsDto = {
  id: "11111111-1111-4111-8111-111111111111",
  twitchUserId: "1",
  twitchDisplayName: "Viewer",
  characterName: "Norinn",
  goldAmount: 1_000,
  enrollmentRequestId: "e",
  status: "InProgress",
  createdAt: "2026-04-04T11:00:00.000Z",
  isRewardSentAnnouncedToChat: false,
  winnerAcceptedWillingToReceiveAt: null,
  expiresAt: "2026-04-05T12:00:00.000Z",
  updatedAt: "2026-04-04T11:45:00.000Z",
  mailConfirmedAt: null,
  spinCycleId: CYCLE,
  heldBy: "me",
  needsAttention: false,
};

let folder: string;
let store: Store;
let memory: Memory;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-state-"));
  store = await Store.open(join(folder, "store"));
  memory = new Memory();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const build = (changed: Partial<StateParts> = {}, now = NOW) =>
  buildState(
    {
      store,
      desktopId: "me",
      desktopVersion: "1.1.0",
      settings: defaultSettings({ platform: "linux", locale: "en" }),
      setup: {
        isComplete: true,
        hasApiKey: true,
        apiKeyStorage: "keyring",
        foundGameFolders: [],
        settingsPutAside: null,
      },
      logPath: null,
      bridge: null,
      memory,
      alerts: new AlertBoard(),
      events: new EventLog(store),
      ...changed,
    },
    now,
  );

describe("the candidate", () => {
  const candidate = {
    spinCycleId: CYCLE,
    characterName: "Norinn",
    spinPhase: "verification",
    verifyUntil: "2026-04-04T12:05:30.000Z",
  } as const;
  const who = (online: boolean) =>
    ({
      kind: "tag",
      tag: { name: "WHO", report: { spinCycleId: CYCLE, characterName: "Norinn", online, capturedAt: "" } },
    }) as const;

  it("is asked for, then online or not, until its time is over", () => {
    const report = (now = NOW) => build({}, now).spin.candidate?.report;
    memory.see({ kind: "candidate", candidate }, NOW);
    expect(report()).toBeNull();
    const typing = { phase: "typing", about: `who:${CYCLE}`, strategy: "send_input" } as const;
    memory.see({ kind: "command", command: typing }, NOW);
    expect(report()).toBe("asked");
    memory.see(who(false), NOW);
    expect(report()).toBe("offline");
    memory.see(who(true), NOW);
    expect(report()).toBe("online");
    expect(report(Date.parse(candidate.verifyUntil) + 1)).toBeUndefined();
    memory.see({ kind: "candidate", candidate: null }, NOW);
    expect(build().spin.candidate).toBeNull();
  });

  it.each([HOUR_MS, -HOUR_MS])(
    "has its time by the API's clock, from which this machine's is off by %d ms",
    (aheadMs) => {
      memory.see({ kind: "candidate", candidate }, NOW);
      const endsAt = Date.parse(candidate.verifyUntil) + aheadMs;
      const shown = (now: number) => build({ bridge: bridgeAhead(aheadMs) }, now).spin.candidate;
      expect(shown(endsAt)?.verifyUntil).toBe(endsAt);
      expect(shown(endsAt + 1)).toBeNull();
    },
  );
});

describe("a payout", () => {
  const row = (changed: Partial<PayoutDetailsDto>, now = NOW, bridge: BridgeView | null = null) => {
    memory.payouts = [{ ...PAYOUT, ...changed }];
    return build({ bridge }, now).payouts[0];
  };

  it("is slow after a quarter of an hour InProgress, and not before", () => {
    expect(row({})?.isSlow).toBe(false);
    expect(row({}, NOW + 1)?.isSlow).toBe(true);
    expect(row({ status: "Pending" }, NOW + 1)?.isSlow).toBe(false);
  });

  it.each([HOUR_MS, -HOUR_MS])("is so by the API's clock, from which this machine's is off by %d ms", (aheadMs) => {
    expect(row({}, NOW + aheadMs, bridgeAhead(aheadMs))?.isSlow).toBe(false);
    expect(row({}, NOW + aheadMs + 1, bridgeAhead(aheadMs))?.isSlow).toBe(true);
  });

  it("is ours while we hold it, whispered when the addon said so, injected while it may be in its queue", async () => {
    const { id } = PAYOUT;
    expect(row({})).toMatchObject({ isOurs: true, isWhispered: false, isInjected: false });
    expect(row({ heldBy: "another" })?.isOurs).toBe(false);
    expect(row({ status: "Sent" })?.isOurs).toBe(false);
    await store.commit([
      put("command", `whisper:${id}`, { number: 1, state: "typed", at: 0 }),
      put("injected", id, { kind: "gold", at: 0, isRecalled: false, process: null, isOnRecord: false }),
    ]);
    expect(row({})).toMatchObject({ isWhispered: false, isInjected: true });
    await store.commit([put("command", `whisper:${id}`, { number: 1, state: "acknowledged", at: 0 })]);
    expect(row({})?.isWhispered).toBe(true);
    expect(build().status.mailbox.waitingMails).toBe(1);
  });
});

it.each([
  ["1.1.0", "1.0.0", "current"],
  ["1.0.0", "1.0.0", "current"],
  ["1.2.0", "1.0.0", "newer"],
  ["2.0.0", "1.2.0", "too_old"],
])("against version %s and minimum %s a desktop of 1.1.0 is %s", (version, minimumDesktopVersion, code) => {
  expect(build().status.update.code).toBe("unknown");
  memory.version = { version, minimumDesktopVersion, minimumAddonVersion: "1.0.0" };
  expect(build().status.update).toMatchObject({ code, latest: version });
});

describe("the API", () => {
  const answer = (status: number, code: "forbidden_apikey" | "not_found") =>
    ({ kind: "answer", answer: { kind: "refused", status, code, details: {}, retryAfterMs: 0 } }) as const;

  it("refuses us by the key, not by a fact, and is unreachable when it does not answer", () => {
    memory.see(answer(404, "not_found"), NOW);
    expect(build().status.api).toEqual({ state: "ok", code: null, lastAnswerAt: NOW });
    memory.see(answer(403, "forbidden_apikey"), NOW + 1);
    expect(build().status.api).toEqual({ state: "refused", code: "forbidden_apikey", lastAnswerAt: NOW + 1 });
    memory.see({ kind: "answer", answer: { kind: "unreachable", reason: "deadline", status: null } }, NOW + 2);
    expect(build().status.api).toEqual({ state: "unreachable", code: "deadline", lastAnswerAt: NOW + 1 });
  });
});
