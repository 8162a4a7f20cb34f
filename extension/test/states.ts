import type { ExtensionUser } from "@mgm/simulator/twitch/extension-jwt";
import { type Opened, type OpenOptions, PANEL, type Stage } from "./browser.ts";
import { PLAYED_API, type Played, PlayedApi } from "./played-api.ts";
import { dashboard, giftQueue, giftRequest, membership, NOW, payout, spun, state } from "./scenes.ts";
import { countRequests, StoppedClock } from "./stopped-clock.ts";
import { ANONYMOUS, authorization, CHANNEL, KNOWN, UNSHARED } from "./tokens.ts";

/* Every state that a viewer's page can be in, by name; with the longest names where they make a difference. */

/** What makes a state. */
export interface ViewerState {
  readonly user?: ExtensionUser;
  /** Answers by path, laid over those of a viewer in the pool between two draws. */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly trouble?: Played;
}

const LONG = { character: "Мммммммммммм", realm: "Rising-Gods PvE" };
const accepted = { winnerAcceptedWillingToReceiveAt: new Date(NOW).toISOString() };
const STATE = "/api/roulette/state";
const PAYOUT = "/api/payouts/my-last";
const ME = "/api/pool/me";
const GIFTS = `/api/streamers/${CHANNEL}/gift-queue`;
const ends = (ms: number): { phaseEndsAt: string } => ({ phaseEndsAt: new Date(NOW + ms).toISOString() });
const gift = (more: Parameters<typeof giftRequest>[0]) => ({ answers: { [GIFTS]: giftQueue(giftRequest(more)) } });
const item = { name: "Поножи звёздного пламени", id: 1, count: 1, link: "", texture: "", bagId: 0, slotId: 1 };

export const VIEWER_STATES: Readonly<Record<string, ViewerState>> = {
  joined: {},
  "not joined": { answers: { [ME]: membership(null) } },
  anonymous: { user: ANONYMOUS },
  unshared: { user: UNSHARED },
  "before the first draw": {
    answers: { [STATE]: state({ wheel: [], lastSpin: null, poolParticipantCount: 0, spinPhase: "idle" }) },
  },
  paused: { answers: { [STATE]: state({ spinPhase: "idle", paused: true, nextSpinAt: null, phaseEndsAt: null }) } },
  drawing: { answers: { [STATE]: state({ phaseEndsAt: null, currentSpinCycleId: null }) } },
  spinning: { answers: { [STATE]: state({ spinPhase: "spinning", candidate: "Норинн", ...ends(60_000) }) } },
  checking: { answers: { [STATE]: state({ spinPhase: "verification", candidate: "Wwwwwwwwwwww" }) } },
  "somebody else won": {
    answers: { [STATE]: state({ spinPhase: "completed", lastSpin: spun("won", "Thrallina"), ...ends(60_000) }) },
  },
  "nobody could check": {
    answers: {
      [STATE]: state({ spinPhase: "completed", lastSpin: spun("unverified", "Wwwwwwwwwwww"), ...ends(60_000) }),
    },
  },
  refused: {
    answers: { [STATE]: state({ spinPhase: "completed", lastSpin: spun("refused", "Wwwwwwwwwwww"), ...ends(60_000) }) },
  },
  won: { answers: { [PAYOUT]: payout() } },
  "won, with long names": {
    answers: { [PAYOUT]: payout({ characterName: "Wwwwwwwwwwww" }), [STATE]: state({ streamer: LONG }) },
  },
  "won, before the streamer's desktop was seen": {
    answers: { [PAYOUT]: payout(), [STATE]: state({ streamer: null, acceptPhrase: "twgold" }) },
  },
  "won, while the next draw is checked": {
    answers: {
      [PAYOUT]: payout(),
      [STATE]: state({ spinPhase: "verification", candidate: "Wwwwwwwwwwww", streamer: LONG }),
    },
  },
  accepted: { answers: { [PAYOUT]: payout(accepted), [STATE]: state({ streamer: LONG }) } },
  "in progress": { answers: { [PAYOUT]: payout({ ...accepted, status: "InProgress" }) } },
  sent: { answers: { [PAYOUT]: payout({ ...accepted, status: "Sent" }), [ME]: membership(null) } },
  failed: { answers: { [PAYOUT]: payout({ status: "Failed", characterName: "Wwwwwwwwwwww" }) } },
  cancelled: { answers: { [PAYOUT]: payout({ status: "Cancelled", characterName: "Wwwwwwwwwwww" }) } },
  expired: { answers: { [PAYOUT]: payout({ status: "Expired", characterName: "Wwwwwwwwwwww" }) } },
  "gift pending": gift({}),
  "gift drawn": gift({ state: "SelectingItem", queuePosition: 1 }),
  "gift asked about": gift({ state: "WaitingConfirmation", queuePosition: 1, selectedItem: item }),
  "gift agreed": gift({ state: "Completed", queuePosition: 0, selectedItem: item }),
  "gift sent": gift({
    state: "Completed",
    queuePosition: 0,
    selectedItem: item,
    deliveredAt: new Date(NOW).toISOString(),
  }),
  "gift failed": gift({ state: "Failed", queuePosition: 0, failureReason: "no_items_available" }),
  outdated: { answers: { "/api/version": version("9.0.0") } },
  "server away": { trouble: { status: 503, code: "temporarily_unavailable", retryAfter: 2 } },
};

function version(minimumExtensionVersion: string) {
  return { version: "0.1.0", minimumAddonVersion: "0.1.0", minimumDesktopVersion: "0.1.0", minimumExtensionVersion };
}

/** An API that answers as in a state; without one, as for a viewer in the pool between two draws. */
export function apiInState({ answers = {}, trouble }: ViewerState = {}): PlayedApi {
  const api = new PlayedApi();
  const usual = {
    [STATE]: state(),
    [ME]: membership("Норинн"),
    [PAYOUT]: null,
    [GIFTS]: giftQueue(),
    "/api/version": version("0.1.0"),
    "/api/broadcaster/dashboard": dashboard(),
  };
  for (const [path, body] of Object.entries({ ...usual, ...answers })) api.answer(path, () => body);
  if (trouble !== undefined) api.trouble(trouble);
  return api;
}

/** A page in a state, with its clock stopped at the scenes' moment. */
export interface Shown extends Opened {
  readonly api: PlayedApi;
  readonly clock: StoppedClock;
}

/** Opens a page and brings it into a state. */
export async function show(
  stage: Stage,
  name: string,
  shown: ViewerState = {},
  options: OpenOptions & { readonly localNow?: number } = {},
): Promise<Shown> {
  const api = apiInState(shown);
  const clock = new StoppedClock(options.localNow ?? NOW);
  api.now = () => clock.now;
  const opened = await stage.open(name, PLAYED_API, {
    size: PANEL,
    ...options,
    prepare: async (page) => {
      countRequests(page);
      await clock.stop(page);
      await api.play(page);
    },
  });
  await opened.page.locator("main:not([x-cloak])").waitFor({ state: "attached" });
  await opened.say(await authorization(shown.user ?? KNOWN));
  await clock.advance(shown.trouble === undefined ? 1_500 : 500);
  return { ...opened, api, clock };
}
