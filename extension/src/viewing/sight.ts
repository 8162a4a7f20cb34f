import type { DashboardDto, GiftQueueDto, PayoutDto, PoolMembershipDto, RouletteStateDto } from "@mgm/domain/wire";
import type { FailureCode } from "../http/client.ts";
import type { VersionDto } from "../http/wire.ts";
import type { Onlooker } from "../twitch/onlooker.ts";

/** Why nothing new comes in. */
export interface Problem {
  readonly code: FailureCode;
  /** The server asked for this pause: trying at once would only make it longer. */
  readonly isAskedFor: boolean;
}

/** All that a page knows; null is not known yet. */
export interface Sight {
  readonly onlooker: Onlooker | null;
  readonly state: RouletteStateDto | null;
  readonly membership: PoolMembershipDto | null;
  /** The viewer's newest payout. */
  readonly payout: PayoutDto | null;
  readonly gifts: GiftQueueDto | null;
  readonly dashboard: DashboardDto | null;
  readonly version: VersionDto | null;
  readonly problem: Problem | null;
}

/** What a page knows before anything was said. */
export const NOTHING_SEEN: Sight = {
  onlooker: null,
  state: null,
  membership: null,
  payout: null,
  gifts: null,
  dashboard: null,
  version: null,
  problem: null,
};
