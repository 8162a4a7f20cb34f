import { GIFT_DELIVERY_WORKFLOW, GIFT_WORKFLOW } from "@mgm/workflows/gift/messages";
import {
  giftDeliveryWorkflowId,
  giftQueueWorkflowId,
  giftWorkflowId,
  payoutAttentionWorkflowId,
  payoutWorkflowId,
} from "@mgm/workflows/ids";
import { PAYOUT_ATTENTION_WORKFLOW, PAYOUT_WORKFLOW } from "@mgm/workflows/payout/messages";
import { expect } from "vitest";
import { eventually, type World } from "../test/world.ts";

/* What an operator's act must have left behind: in the rows, in their events, in what the API answers. */

/** The newest entry of a payout's story. */
export async function lastPayoutEvent(world: World, payoutId: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await world.database.query(
    "select event, status, cause, note from payout_events where payout_id = $1 order by event_number desc limit 1",
    [payoutId],
  );
  return rows[0];
}

/** A payout as a desktop sees it, in its lists. */
export async function payoutOf(world: World, payoutId: string): Promise<Record<string, unknown> | undefined> {
  const { body } = await world.desktop("GET", "/api/payouts?limit=200");
  return body.items.find(({ id }: { id: string }) => id === payoutId);
}

/** The ids that the API calls pending. */
export async function pendingPayouts(world: World): Promise<string[]> {
  const { body } = await world.desktop("GET", "/api/payouts/pending");
  return body.map(({ id }: { id: string }) => id);
}

/** The newest entry of a gift request's story. */
export async function lastGiftEvent(world: World, giftRequestId: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await world.database.query(
    `select event, state, reason, cause from gift_events where gift_request_id = $1
      order by event_number desc limit 1`,
    [giftRequestId],
  );
  return rows[0];
}

/**
 * Holds rows, workflows and answers of a world against each other: whatever is open in one is open in the other. The
 * reconcile job is what makes it so after anything that operators may do.
 */
export async function expectConsistent(world: World): Promise<void> {
  const rows = async (sql: string): Promise<string[]> =>
    (await world.database.query<{ id: string }>(sql, [world.broadcasterId])).rows.map(({ id }) => id);
  const isRunning = async (workflowId: string): Promise<boolean> => {
    const described = await world.client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => null);
    return described?.status.name === "RUNNING";
  };
  const without = async (ids: string[], workflowIdOf: (id: string) => string): Promise<string[]> => {
    const found = await Promise.all(ids.map(async (id) => ((await isRunning(workflowIdOf(id))) ? [] : [id])));
    return found.flat();
  };

  /** Workflows that run although their row has ended. Visibility is behind: what it calls running is looked at again. */
  const left = async (type: string, ids: string[], workflowIdOf: (id: string) => string): Promise<string[]> => {
    const wanted = new Set(ids.map(workflowIdOf));
    const query = `MgmBroadcaster = '${world.broadcasterId}' and WorkflowType = '${type}' and ExecutionStatus = 'Running'`;
    const found: string[] = [];
    for await (const { workflowId } of world.client.workflow.list({ query })) {
      if (!wanted.has(workflowId) && (await isRunning(workflowId))) found.push(workflowId);
    }
    return found;
  };

  const active = await rows(
    "select payout_id as id from payouts where broadcaster_id = $1 and status in ('Pending', 'InProgress')",
  );
  const asking = await rows("select payout_id as id from payouts where broadcaster_id = $1 and attention = 'open'");
  const open = await rows(
    `select gift_request_id as id from gift_requests where broadcaster_id = $1
        and state in ('Pending', 'SelectingItem', 'WaitingConfirmation')`,
  );
  const unsent = await rows(
    `select gift_request_id as id from gift_requests
      where broadcaster_id = $1 and state = 'Completed' and delivered_at is null`,
  );
  const overdue = await rows(
    `select spin_cycle_id as id from spin_cycles where broadcaster_id = $1 and outcome is null
        and verify_until + (timings->>'slackMs')::float8 * interval '1 millisecond' < now()`,
  );
  const isQueueNeeded = open.length > 0;
  expect({
    payoutsWithout: await without(active, payoutWorkflowId),
    questionsWithout: await without(asking, payoutAttentionWorkflowId),
    giftsWithout: await without(open, giftWorkflowId),
    unsentWithout: await without(unsent, giftDeliveryWorkflowId),
    queueIsMissing: isQueueNeeded && !(await isRunning(giftQueueWorkflowId(world.broadcasterId))),
    overdue,
    payoutsLeft: await left(PAYOUT_WORKFLOW, active, payoutWorkflowId),
    questionsLeft: await left(PAYOUT_ATTENTION_WORKFLOW, asking, payoutAttentionWorkflowId),
    giftsLeft: await left(GIFT_WORKFLOW, open, giftWorkflowId),
    deliveriesLeft: await left(GIFT_DELIVERY_WORKFLOW, unsent, giftDeliveryWorkflowId),
  }).toEqual({
    payoutsWithout: [],
    questionsWithout: [],
    giftsWithout: [],
    unsentWithout: [],
    queueIsMissing: false,
    overdue: [],
    payoutsLeft: [],
    questionsLeft: [],
    giftsLeft: [],
    deliveriesLeft: [],
  });
  expect((await pendingPayouts(world)).sort()).toEqual(active.sort());
  const { body: listed } = await world.desktop("GET", "/api/gift-requests");
  expect(listed.map(({ id }: { id: string }) => id).sort()).toEqual([...open, ...unsent].sort());
}

/** Looks until it holds; tells what did not when it never does. */
export async function eventuallyHolds(look: () => Promise<void>): Promise<void> {
  let fault: unknown;
  await eventually(() =>
    look().then(
      () => true,
      (error: unknown) => {
        fault = error;
        return false;
      },
    ),
  ).catch(() => {
    throw fault;
  });
}
