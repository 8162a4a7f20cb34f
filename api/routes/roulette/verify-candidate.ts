import { findSpinCycle, type SpinCycle } from "@mgm/activities/db/spin/cycle-row";
import { recordReport } from "@mgm/activities/db/spin/record-report";
import { parseCharacterName } from "@mgm/domain/character-name";
import { isId, parseInstant } from "@mgm/domain/instant";
import { judgeReport } from "@mgm/domain/spin-cycle";
import type { VerifyResultDto } from "@mgm/domain/wire";
import type { ReportInput, ReportResult } from "@mgm/workflows/spin/messages";
import { z } from "zod";
import { type ApiContext, desktopBroadcasterOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError, expectOk } from "../../errors.ts";
import { desktopIdOf, requireLease } from "../../middleware/desktop-auth.ts";
import { readJson } from "../../middleware/json-body.ts";

const whoReport = z.object({
  schemaVersion: z.literal(1),
  spinCycleId: z.string().refine(isId),
  characterName: z.string(),
  online: z.boolean(),
  capturedAt: z.string().refine((text) => parseInstant(text) !== null),
});

/** POST /api/roulette/verify-candidate: the game's word on whether the candidate is online. */
export function verifyCandidate({ database, workflows }: Pick<ApiDependencies, "database" | "workflows">) {
  return async (ctx: ApiContext): Promise<void> => {
    const report = await readJson(ctx, whoReport);
    const desktopId = desktopIdOf(ctx);
    const broadcasterId = desktopBroadcasterOf(ctx);
    await requireLease(database, ctx, desktopId);
    const parsed = parseCharacterName(report.characterName);
    const characterName = parsed.ok ? parsed.name : null;
    const { receivedAt } = ctx.state;
    const find = () => findSpinCycle(database, broadcasterId, report.spinCycleId.toLowerCase());
    const judge = (cycle: SpinCycle | null) =>
      expectOk(judgeReport(cycle, { characterName, online: report.online }, receivedAt));

    let cycle = await find();
    const judgement = judge(cycle);
    if (cycle === null || characterName === null) throw new Error("the rules let no such report through");
    if (judgement.kind === "decides") {
      const capturedAt = parseInstant(report.capturedAt) ?? receivedAt;
      const { spinCycleId } = cycle;
      await recordReport(database, { broadcasterId, spinCycleId, online: report.online, capturedAt, receivedAt });
      // Another report may have been first: the stored one is the one that counts.
      cycle = await find();
      judge(cycle);
    }
    if (cycle !== null && cycle.outcome === null) {
      // Also for a repeat: the cycle may never have been told of the first one.
      const input: ReportInput = {
        characterName,
        online: report.online,
        receivedAt: Math.min(receivedAt, cycle.verifyUntil),
      };
      await workflows.update<ReportResult, ReportInput>(cycle.workflowId, "report", input, ctx.state.deadlineAt);
    }
    ctx.body = present(await find());
  };
}

function present(cycle: SpinCycle | null): VerifyResultDto {
  // A cycle whose workflow is gone is decided by the reconcile job; the report is kept for it.
  if (cycle === null || cycle.outcome === null) throw new ApiError("temporarily_unavailable");
  if (cycle.outcome === "refused" && cycle.refusedReason !== null) {
    throw new ApiError(cycle.refusedReason, { spinCycleId: cycle.spinCycleId, outcome: cycle.outcome });
  }
  return { spinCycleId: cycle.spinCycleId, outcome: cycle.outcome, payoutId: cycle.payoutId };
}
