/**
 * Kinds of commands that the rules tell apart, in the order in which they are typed. A hello goes before withdrawals: a
 * client that crashed has forgotten the key, and until a hello hands it over, nothing that it acknowledges is believed.
 */
const COMMAND_KINDS = ["hello_by_hand", "hello", "withdraw", "update_status", "other"] as const;

/** What a command is to the rules. */
export type CommandKind = (typeof COMMAND_KINDS)[number];

/** What is known when something is to be typed. Times are Unix milliseconds. */
export interface TypingConditions {
  /** What the API answered to the last heartbeat that it answered, and when that one was sent. */
  readonly lease: { readonly isActive: boolean; readonly beatAt: number } | null;
  /** Whether the game shows a world: from READY or a later tag until BYE or the end of its process. */
  readonly isWorldShown: boolean;
  /** What the addon said of itself in this session; null until it answered. */
  readonly addon: { readonly isNewEnough: boolean } | null;
  /** Whether this desktop is below the version that the API works with; left out: not that anybody knows. */
  readonly isDesktopTooOld?: boolean;
}

/** Why a command must wait. */
export type TypingBan = "no_world" | "desktop_too_old" | "not_active" | "no_hello" | "addon_too_old";

const BEAT_LIFETIME_MS = 60_000;

/**
 * Whether a command may be typed now; null when it may. Withdrawals only make the game do less, so they need no lease;
 * what is typed at a login screen could end up in the password, so only the streamer's own click makes a hello there.
 */
export function typingBan(kind: CommandKind, conditions: TypingConditions, now: number): TypingBan | null {
  const { lease, isWorldShown, addon, isDesktopTooOld } = conditions;
  if (!isWorldShown && kind !== "hello_by_hand") return "no_world";
  if (kind === "withdraw") return null;
  if (isDesktopTooOld) return "desktop_too_old";
  if (lease === null || !lease.isActive || !isFresh(lease.beatAt, now)) return "not_active";
  if (kind !== "other") return null;
  if (addon === null) return "no_hello";
  return addon.isNewEnough ? null : "addon_too_old";
}

/** Of a beat in the future, by a clock that was put back, nobody knows the age. */
function isFresh(beatAt: number, now: number): boolean {
  return beatAt <= now && now - beatAt <= BEAT_LIFETIME_MS;
}

/** The order of two commands: by kind, then by the order in which they were asked for. */
export function typingOrder(
  one: { readonly kind: CommandKind; readonly order: number },
  other: { readonly kind: CommandKind; readonly order: number },
): number {
  return COMMAND_KINDS.indexOf(one.kind) - COMMAND_KINDS.indexOf(other.kind) || one.order - other.order;
}
