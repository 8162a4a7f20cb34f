import { setTimeout as delay } from "node:timers/promises";
import { type Connection, isGrpcServiceError } from "@temporalio/client";

const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const DAY_SECONDS = 86_400;
const CALL_MS = 5_000;
const NOBODY = { workflowId: "no-such-workflow" };
const LOOK_EVERY_MS = 200;
const USABLE_WITHIN_MS = 60_000;

/** The namespace to have, and for how long the histories of ended workflows are kept in it. */
export interface WantedNamespace {
  readonly namespace: string;
  readonly retentionDays: number;
}

/**
 * Registers the namespace unless it is there, and returns when workflows can be listed and looked at in it: a fresh one is
 * not known everywhere at once, and a server answers before those of its roles have joined that keep the histories. The
 * retention of one that is there stays as it is.
 */
export async function ensureNamespace(connection: Connection, wanted: WantedNamespace): Promise<void> {
  const { namespace, retentionDays } = wanted;
  const call = <T>(work: () => Promise<T>) => connection.withDeadline(Date.now() + CALL_MS, work);
  try {
    await call(() => connection.workflowService.describeNamespace({ namespace }));
  } catch (error) {
    if (!hasCode(error, NOT_FOUND)) throw error;
    const retention = { seconds: retentionDays * DAY_SECONDS } as never;
    await call(() =>
      connection.workflowService.registerNamespace({
        namespace,
        description: "Mimiron's Gold-o-Matic",
        workflowExecutionRetentionPeriod: retention,
      }),
    ).catch((failure: unknown) => {
      // Somebody else was a moment faster.
      if (!hasCode(failure, ALREADY_EXISTS)) throw failure;
    });
  }
  const giveUpAt = Date.now() + USABLE_WITHIN_MS;
  for (;;) {
    try {
      await call(() => connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1 }));
      await call(() => connection.workflowService.describeWorkflowExecution({ namespace, execution: NOBODY })).catch(
        (failure: unknown) => {
          if (!hasCode(failure, NOT_FOUND)) throw failure;
        },
      );
      return;
    } catch (error) {
      if (!isGrpcServiceError(error) || Date.now() > giveUpAt) throw error;
      await delay(LOOK_EVERY_MS);
    }
  }
}

function hasCode(error: unknown, code: number): boolean {
  return isGrpcServiceError(error) && error.code === code;
}
