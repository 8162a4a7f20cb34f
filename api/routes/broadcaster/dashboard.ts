import { findSeenDesktop } from "@mgm/activities/db/desktop/seen-desktop";
import { readDesktopQueue } from "@mgm/activities/db/gift/read-queue";
import { listActivePayouts } from "@mgm/activities/db/payout/list-payouts";
import type { SpinCycle } from "@mgm/activities/db/spin/cycle-row";
import { isPaused, listCycles } from "@mgm/activities/db/spin/list-cycles";
import { formatInstant } from "@mgm/domain/instant";
import type { DashboardDto } from "@mgm/domain/wire";
import { viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { presentPayoutDetails } from "../../present.ts";
import { presentGiftDetails } from "../../present-gift.ts";
import { route } from "../../routing/route.ts";
import { dashboard } from "../../schemas/dashboard.ts";

const SPINS_SHOWN = 20;

export const getDashboard = route(
  {
    name: "getDashboard",
    method: "GET",
    path: "/api/broadcaster/dashboard",
    who: "moderator",
    summary: "All that the broadcaster's pages show, at once and without holding anything back.",
    answers: { 200: dashboard },
  },
  ({ database, eventSub, health }: Pick<ApiDependencies, "database" | "eventSub" | "health">) =>
    async (ctx) => {
      const { broadcasterId } = viewerOf(ctx);
      const [cycles, payouts, { open: gifts }, standing, missingGrants, desktop, paused] = await Promise.all([
        listCycles(database, broadcasterId, SPINS_SHOWN),
        listActivePayouts(database, broadcasterId),
        readDesktopQueue(database, broadcasterId),
        eventSub.status(broadcasterId),
        health.missingGrants(broadcasterId),
        findSeenDesktop(database, broadcasterId),
        isPaused(database, broadcasterId),
      ]);
      const body: DashboardDto = {
        spins: cycles.map(presentSpin),
        payouts: payouts.map(presentPayoutDetails),
        giftQueue: gifts.map((gift) => presentGiftDetails(gift, Date.now())),
        eventSub: { status: standing.status, since: formatInstant(standing.since) },
        missingGrants: [...missingGrants],
        desktop: desktop === null ? null : presentDesktop(desktop),
        paused,
      };
      ctx.body = body;
    },
);

function presentSpin(cycle: SpinCycle): DashboardDto["spins"][number] {
  const { spinCycleId, boundary, outcome, candidateName, payoutId } = cycle;
  return { spinCycleId, spunAt: formatInstant(boundary), outcome, characterName: candidateName, payoutId };
}

type Seen = NonNullable<Awaited<ReturnType<typeof findSeenDesktop>>>;

function presentDesktop({ seenAt, desktopVersion, addonVersion, ...told }: Seen): DashboardDto["desktop"] {
  return { seenAt: formatInstant(seenAt), versions: { desktop: desktopVersion, addon: addonVersion }, ...told };
}
