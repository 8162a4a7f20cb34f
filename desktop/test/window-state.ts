import type { DesktopState, GiftRow, PayoutRow, QuestionCard } from "../wire/state.ts";

/* States of a window, as a bridge would tell them. Each is what a test needs, on top of one where all is well. */

/** When every state here was told. */
export const NOW = Date.UTC(2026, 3, 4, 18, 4, 12);

const MINUTE_MS = 60_000;

/** A payout; ids are made of `seed`. */
export function payout(seed: number, changes: Partial<PayoutRow> = {}): PayoutRow {
  return {
    id: uuid(seed),
    twitchUserId: `${1000 + seed}`,
    twitchDisplayName: `viewer_${seed}`,
    characterName: "Norinn",
    goldAmount: 1000,
    enrollmentRequestId: uuid(900 + seed),
    status: "Pending",
    createdAt: new Date(NOW - seed * MINUTE_MS).toISOString(),
    updatedAt: new Date(NOW - seed * MINUTE_MS).toISOString(),
    isRewardSentAnnouncedToChat: false,
    winnerAcceptedWillingToReceiveAt: null,
    expiresAt: new Date(NOW + 1440 * MINUTE_MS).toISOString(),
    mailConfirmedAt: null,
    spinCycleId: uuid(500 + seed),
    heldBy: null,
    needsAttention: false,
    isWhispered: true,
    isOurs: false,
    isSlow: false,
    isInjected: false,
    ...changes,
  };
}

/** A gift request; ids are made of `seed`. */
export function gift(seed: number, changes: Partial<GiftRow> = {}): GiftRow {
  return {
    id: uuid(300 + seed),
    streamerId: "1",
    viewerId: `${2000 + seed}`,
    viewerDisplayName: `gifted_${seed}`,
    characterName: "Żółwik",
    state: "Pending",
    selectedItem: null,
    queuePosition: seed,
    estimatedWaitSeconds: 65,
    createdAt: new Date(NOW - MINUTE_MS).toISOString(),
    updatedAt: new Date(NOW - MINUTE_MS).toISOString(),
    timeoutAt: null,
    failureReason: null,
    deliveredAt: null,
    needsAttention: false,
    step: "waiting",
    roulette: null,
    ...changes,
  };
}

/** A question about a mail that may have been sent. */
export function question(seed: number, changes: Partial<QuestionCard> = {}): QuestionCard {
  return {
    id: uuid(seed),
    about: "payout",
    reason: "sending_open",
    characterName: "Mirabel",
    goldAmount: 1000,
    itemName: null,
    raisedAt: NOW - seed * MINUTE_MS,
    ...changes,
  };
}

/** An id that looks like one. */
export function uuid(seed: number): string {
  return `${seed.toString(16).padStart(8, "0")}-5a3b-4c1d-8e2f-0123456789ab`;
}

/** A window where everything is connected and nothing is to be done. */
export function calmState(): DesktopState {
  return {
    revision: 1,
    now: NOW,
    aheadMs: 0,
    desktopVersion: "0.1.0",
    setup: {
      isComplete: true,
      hasApiKey: true,
      apiKeyStorage: "keyring",
      foundGameFolders: ["/games/wow"],
      settingsPutAside: null,
    },
    settings: {
      apiUrl: "https://gold.example",
      gameFolder: "/games/wow",
      logPath: "",
      language: "en",
      theme: "light",
      pollSeconds: 15,
      strategy: "send_input",
      mayUseOtherStrategy: true,
      commandAttempts: 3,
      syncsByItself: false,
      sounds: false,
      gameWindow: null,
    },
    status: {
      game: {
        isFound: true,
        processId: 4711,
        windowTitle: "World of Warcraft",
        windows: [{ id: "1", title: "World of Warcraft", processId: 4711 }],
        isWorldShown: true,
        character: "Gnomoteka",
        realm: "Азурегос",
      },
      mailbox: { waitingMails: 0, lastMailAt: NOW - 9 * MINUTE_MS },
      api: { state: "ok", code: null, lastAnswerAt: NOW - 4_000 },
      lease: { isActive: true, isOtherActive: false, activeSince: new Date(NOW - 90 * MINUTE_MS).toISOString() },
      log: { isPresent: true, path: "/games/wow/Logs/WoWChatLog.txt", delayMs: 140, transport: "SendSystemMessage" },
      addon: { version: "0.1.0", isNewEnough: true, locale: "ruRU", bangSwallowed: false },
      commands: { lastAcknowledgedAt: NOW - 61_000, waiting: [], ban: null },
      update: { code: "current", latest: "0.1.0", releaseNotesUrl: null },
    },
    spin: { nextSpinAt: NOW + 222_000, isPaused: false, candidate: null },
    sync: { count: 0, disabledBy: "nobody_accepted" },
    payouts: [],
    gifts: [],
    questions: [],
    refusals: [],
    forgeries: { total: 0, recent: [] },
    alerts: [],
    events: [],
  };
}

/** A window that is opened for the first time. */
export function freshState(): DesktopState {
  const calm = calmState();
  const { game, api, log, addon, commands } = calm.status;
  return {
    ...calm,
    setup: { ...calm.setup, isComplete: false, hasApiKey: false, apiKeyStorage: null },
    settings: { ...calm.settings, apiUrl: "", gameFolder: "" },
    status: {
      ...calm.status,
      game: {
        ...game,
        isFound: false,
        processId: null,
        windowTitle: null,
        windows: [],
        isWorldShown: false,
        character: null,
        realm: null,
      },
      api: { ...api, state: "unknown", lastAnswerAt: null },
      log: { ...log, isPresent: false, path: null, delayMs: null, transport: null },
      addon: { ...addon, version: null, isNewEnough: null, locale: null, bangSwallowed: null },
      commands: { ...commands, lastAcknowledgedAt: null, ban: "not_active" },
    },
    spin: { ...calm.spin, nextSpinAt: null },
  };
}

/** An evening in full swing: something in every part of the window. */
export function busyState(): DesktopState {
  const calm = calmState();
  const accepted = { winnerAcceptedWillingToReceiveAt: new Date(NOW - MINUTE_MS).toISOString() };
  const mirabel = payout(2, { characterName: "Mirabel", twitchDisplayName: "mirabel" });
  return {
    ...calm,
    status: { ...calm.status, mailbox: { waitingMails: 3, lastMailAt: NOW - 14 * MINUTE_MS } },
    spin: {
      ...calm.spin,
      candidate: { spinCycleId: uuid(77), characterName: "Осень", verifyUntil: NOW + 250_000, report: "asked" },
    },
    sync: { count: 2, disabledBy: null },
    payouts: [
      payout(22, {
        ...accepted,
        characterName: "Gearwin",
        twitchDisplayName: "gear_win",
        status: "InProgress",
        isOurs: true,
        isSlow: true,
      }),
      payout(9, { ...accepted, characterName: "Thrallina", twitchDisplayName: "thrall_ina" }),
      payout(4, {
        ...accepted,
        characterName: "Норинн",
        twitchDisplayName: "norinn_tv",
        status: "InProgress",
        isOurs: true,
      }),
      payout(3, { ...accepted, characterName: "Ёжик", twitchDisplayName: "hedgehog_in_the_fog" }),
      mirabel,
      payout(1, { characterName: "Арктос", twitchDisplayName: "arktos", isWhispered: false }),
    ],
    gifts: [
      gift(1, {
        state: "WaitingConfirmation",
        step: "asking",
        timeoutAt: new Date(NOW + 190_000).toISOString(),
        selectedItem: { name: "Frostweave Bag", id: 41599, count: 1, link: "", texture: "", bagId: 0, slotId: 3 },
        roulette: {
          drawnIndex: 2,
          drawnAt: NOW - 60_000,
          stacks: [
            { id: 1, count: 20, bagId: 0, slotId: 1, name: null },
            { id: 2, count: 5, bagId: 0, slotId: 2, name: null },
            { id: 41599, count: 1, bagId: 0, slotId: 3, name: "Frostweave Bag" },
            { id: 4, count: 1, bagId: 1, slotId: 9, name: null },
          ],
        },
      }),
      gift(2, { characterName: "Осень" }),
    ],
    questions: [question(2)],
    refusals: [
      {
        number: 31,
        kind: "accepted",
        id: uuid(60),
        characterName: "Bumbelo",
        code: "terminal_status_change_not_allowed",
        at: NOW - 300_000,
      },
    ],
    forgeries: {
      total: 7,
      recent: [{ text: "Badguy whispers: [MGM_CONFIRM:2d2b…]", reason: "no_key", at: NOW - 60_000 }],
    },
    alerts: [
      {
        id: "command_failed:whisper",
        code: "command_failed",
        details: { about: `whisper:${mirabel.id}` },
        canRetry: true,
        at: NOW - 20_000,
        count: 3,
      },
    ],
    events: [
      { number: 1, at: NOW - 73_000, level: "info", code: "candidate_online", details: { characterName: "Норинн" } },
      { number: 2, at: NOW - 60_000, level: "forged", code: "forged_lines", details: { count: "1" } },
      {
        number: 3,
        at: NOW - 32_000,
        level: "good",
        code: "winner_accepted",
        details: { characterName: "Норинн", id: uuid(4) },
      },
      {
        number: 4,
        at: NOW - 14_000,
        level: "info",
        code: "gold_named",
        details: { characterName: "Норинн", id: uuid(4) },
      },
      {
        number: 5,
        at: NOW - 1_000,
        level: "info",
        code: "mail_sending",
        details: { characterName: "Норинн", id: uuid(4) },
      },
    ],
  };
}
