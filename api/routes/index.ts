import type { Route } from "../routing/route.ts";
import { getDashboard } from "./broadcaster/dashboard.ts";
import { removePoolEntry } from "./broadcaster/pool.ts";
import { putSpins } from "./broadcaster/spins.ts";
import { postHeartbeat } from "./desktop/heartbeat.ts";
import { receiveEventSub } from "./eventsub/receive.ts";
import { confirmGift, failGift, giftSent, selectItem } from "./gifts/change.ts";
import { getGiftQueue, getGiftRequests } from "./gifts/queue.ts";
import { postGiftRequest } from "./gifts/request.ts";
import { confirmAcceptance } from "./payouts/acceptance.ts";
import { confirmMailSent, settle } from "./payouts/mail.ts";
import { getMyLast, getPayouts, getPending } from "./payouts/read.ts";
import { cancelByBroadcaster, patchStatus } from "./payouts/status.ts";
import { postClaim } from "./pool/claim.ts";
import { getMembership } from "./pool/me.ts";
import { getCandidate, getState } from "./roulette/state.ts";
import { verifyCandidate } from "./roulette/verify-candidate.ts";
import { getHealth, getReadiness } from "./service/health.ts";
import { getVersion } from "./service/version.ts";

/** Every route of the API; of two that fit a path, the first one counts. */
export const ROUTES: readonly Route[] = [
  getState,
  getMembership,
  getMyLast,
  postClaim,
  getGiftQueue,
  postGiftRequest,

  postHeartbeat,
  getCandidate,
  verifyCandidate,
  getPending,
  getPayouts,
  patchStatus,
  confirmAcceptance,
  confirmMailSent,
  settle,
  getGiftRequests,
  failGift,
  selectItem,
  confirmGift,
  giftSent,

  getDashboard,
  cancelByBroadcaster,
  putSpins,
  removePoolEntry,

  receiveEventSub,
  getVersion,
  getHealth,
  getReadiness,
];
