import type { DesktopSettings, DesktopState, SetupState, StatusState, SyncState } from "../../wire/state.ts";
import type { BridgeView } from "../bridge-view.ts";
import { isAtLeast } from "../loop/versions.ts";
import { ONLY, type Store } from "../store/store.ts";
import type { AlertBoard } from "./alert-board.ts";
import type { EventLog } from "./event-log.ts";
import { giftRows } from "./gift-rows.ts";
import type { Memory } from "./memory.ts";
import { payoutRows } from "./payout-rows.ts";
import { forgeryRows, questionCards, refusalRows } from "./store-rows.ts";

/** Everything that a state is built from. */
export interface StateParts {
  readonly store: Store;
  readonly desktopId: string;
  readonly desktopVersion: string;
  readonly settings: DesktopSettings;
  readonly setup: SetupState;
  readonly logPath: string | null;
  /** Null while no bridge runs. */
  readonly bridge: BridgeView | null;
  readonly memory: Memory;
  readonly alerts: AlertBoard;
  readonly events: EventLog;
}

/** A state without its number. */
export type UnnumberedState = Omit<DesktopState, "revision">;

/** Builds what the window shows, as it is at `now`. */
export function buildState(parts: StateParts, now: number): UnnumberedState {
  const { store, desktopId, memory } = parts;
  const aheadMs = parts.bridge?.spins?.aheadMs ?? 0;
  const payouts = payoutRows([...memory.payouts, ...memory.attention], { store, desktopId, apiNow: now - aheadMs });
  const gifts = giftRows(memory.gifts, store);
  return {
    now,
    aheadMs,
    desktopVersion: parts.desktopVersion,
    setup: parts.setup,
    settings: parts.settings,
    status: statusOf(parts),
    spin: {
      nextSpinAt: nextSpinAt(parts, now),
      isPaused: parts.bridge?.spins?.isPaused ?? false,
      candidate: candidateOf(memory, now, aheadMs),
    },
    sync: syncOf(parts.bridge),
    payouts,
    gifts,
    questions: questionCards(store, payouts, gifts),
    refusals: refusalRows(store),
    forgeries: forgeryRows(store),
    alerts: parts.alerts.cards,
    events: parts.events.rows,
  };
}

function statusOf({ store, bridge, memory, logPath, desktopVersion }: StateParts): StatusState {
  const { lease, version, screen } = memory;
  const hello = bridge?.hello ?? null;
  return {
    game: {
      isFound: bridge === null ? screen.picked !== null : bridge.game !== null,
      processId: bridge?.game?.processId ?? screen.picked?.processId ?? null,
      windowTitle: screen.picked?.title ?? null,
      windows: screen.windows,
      isWorldShown: bridge?.isWorldShown ?? false,
      character: hello?.character ?? null,
      realm: hello?.realm ?? null,
    },
    mailbox: { waitingMails: waitingMails(store), lastMailAt: store.get("mailbox", ONLY)?.lastMailAt ?? null },
    api: memory.api,
    lease: {
      isActive: bridge?.isActive ?? false,
      isOtherActive: lease !== null && !lease.active && lease.activeDesktopId !== null,
      activeSince: lease?.activeSince ?? null,
    },
    log: {
      isPresent: bridge?.isLogPresent ?? false,
      path: logPath,
      delayMs: memory.delayMs,
      transport: hello?.transport ?? null,
    },
    addon: {
      version: hello?.addonVersion ?? null,
      isNewEnough: bridge?.isAddonNewEnough ?? null,
      locale: hello?.locale ?? null,
      bangSwallowed: hello?.bangSwallowed ?? null,
    },
    commands: {
      lastAcknowledgedAt: memory.lastAcknowledgedAt,
      waiting: bridge?.waiting ?? [],
      ban: bridge === null ? "not_active" : bridge.ban,
    },
    update: {
      code: updateCodeOf(desktopVersion, version),
      latest: version?.version ?? null,
      releaseNotesUrl: version?.releaseNotesUrl ?? null,
    },
  };
}

/** Mails that the addon has in its queue because of us. A gift whose stack is gone has no row there any more. */
function waitingMails(store: Store): number {
  const isGone = (id: string, kind: "gold" | "gift") => kind === "gift" && store.get("failure", id) !== undefined;
  return [...store.all("injected")].filter(([id, { kind, isRecalled }]) => !isRecalled && !isGone(id, kind)).length;
}

function updateCodeOf(installed: string, version: Memory["version"]): StatusState["update"]["code"] {
  if (version === null) return "unknown";
  if (!isAtLeast(installed, version.minimumDesktopVersion)) return "too_old";
  return isAtLeast(installed, version.version) ? "current" : "newer";
}

/** A beat that is older than a boundary still tells when the next one is. */
function nextSpinAt({ bridge }: StateParts, now: number): number | null {
  const { nextSpinAt = null, intervalMs = 0 } = bridge?.spins ?? {};
  if (nextSpinAt === null || nextSpinAt > now) return nextSpinAt;
  return nextSpinAt + Math.ceil((now + 1 - nextSpinAt) / intervalMs) * intervalMs;
}

/** Who is not the active desktop asks for no candidate, so the last one may be over. */
function candidateOf(
  { candidate, reports, asked }: Memory,
  now: number,
  aheadMs: number,
): DesktopState["spin"]["candidate"] {
  if (candidate === null) return null;
  const { spinCycleId, characterName } = candidate;
  const verifyUntil = Date.parse(candidate.verifyUntil) + aheadMs;
  if (verifyUntil < now) return null;
  const report = reports.get(spinCycleId) ?? (asked.has(spinCycleId) ? "asked" : null);
  return { spinCycleId, characterName, verifyUntil, report };
}

function syncOf(bridge: BridgeView | null): SyncState {
  if (bridge === null) return { count: 0, disabledBy: "not_active" };
  const count = bridge.syncable.length;
  return { count, disabledBy: bridge.ban ?? (count === 0 ? "nobody_accepted" : null) };
}
