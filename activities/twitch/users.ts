import type { AppToken } from "./app-token.ts";
import { usersAnswer } from "./helix.external.ts";
import { helixGet, until } from "./helix-get.ts";
import type { TwitchAccess } from "./twitch-access.ts";

/** The name that Twitch shows for somebody, null when it cannot be learnt now; never throws. */
export type DisplayNameLookup = (userId: string) => Promise<string | null>;

/** How long a look-up may take and how much it remembers. */
export type DisplayNameOptions = {
  /** For the token and the answer together. */
  timeoutMs?: number;
  /** How long a name stays good. */
  ttlMs?: number;
  maxEntries?: number;
};

/** A look-up through Get Users that remembers the names it found, and no failures. */
export function displayNameLookup(access: TwitchAccess, options: DisplayNameOptions = {}): DisplayNameLookup {
  const { timeoutMs = 2_000, ttlMs = 60 * 60 * 1000, maxEntries = 10_000 } = options;
  /** In order of insertion, so that the first key is the oldest. */
  const names = new Map<string, { name: string; goodUntil: number }>();

  const remember = (userId: string, name: string) => {
    names.delete(userId);
    names.set(userId, { name, goodUntil: Date.now() + ttlMs });
    const oldest = names.keys().next();
    if (names.size > maxEntries && !oldest.done) names.delete(oldest.value);
  };

  return async (userId) => {
    const known = names.get(userId);
    if (known && known.goodUntil > Date.now()) return known.name;
    const name = await readDisplayName(access, userId, AbortSignal.timeout(timeoutMs));
    if (name !== null) remember(userId, name);
    return name;
  };
}

async function readDisplayName(access: TwitchAccess, userId: string, deadline: AbortSignal): Promise<string | null> {
  let token: AppToken;
  try {
    token = await until(deadline, access.appTokens.get());
  } catch {
    return null;
  }
  const read = await helixGet(access, token, { url: "users", query: { id: userId }, answer: usersAnswer, deadline });
  if (read.kind === "failed") {
    if (read.status === 401) access.appTokens.drop(token.accessToken);
    return null;
  }
  return read.data.data.find((user) => user.id === userId)?.display_name ?? null;
}
