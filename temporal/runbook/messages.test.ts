import { NEEDS_ATTENTION } from "@mgm/workflows/search-attributes";
import type { WorkflowUpdateFailedError } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../test/world.ts";
import { filled, pageMessages } from "./page.ts";
import {
  eventuallyHolds,
  expectConsistent,
  lastGiftEvent,
  lastPayoutEvent,
  payoutOf,
  pendingPayouts,
} from "./read-model.ts";
import { type Subject, type Subjects, subjectsOf } from "./subjects.ts";

/* The tables of messages in docs/how-to/runbook.md: each is sent as it stands there, as an update and as a signal. */

let world: World;
let subjects: Subjects;
beforeAll(async () => {
  world = await startWorld();
  subjects = subjectsOf(world);
});
afterAll(() => world.stop());

interface Case {
  begin(): Promise<Subject>;
  /** Looks at what must have come of it; called until it holds. */
  look(subject: Subject): Promise<void>;
}

/** A payout that ends unpaid by the operator's word. */
function endsUnpaid(status: string): Case {
  return {
    begin: () => subjects.payout(),
    async look({ id, workflowId }) {
      expect(await payoutOf(world, id)).toMatchObject({ status, needsAttention: false, mailConfirmedAt: null });
      expect(await lastPayoutEvent(world, id)).toMatchObject({ event: "status", status, cause: "operator" });
      expect(await pendingPayouts(world)).not.toContain(id);
      expect(await statusOf(workflowId)).toBe("COMPLETED");
    },
  };
}

/** A gift request that comes to a state by the operator's word. */
function comesTo(
  state: string,
  event: Readonly<Record<string, unknown>>,
  begin: () => Promise<Subject> = () => subjects.gift(),
): Case {
  return {
    begin,
    async look({ id }) {
      expect(await subjects.gifts.row(id)).toMatchObject({ state });
      expect(await lastGiftEvent(world, id)).toMatchObject({ state, cause: "operator", ...event });
    },
  };
}

const ITEM = '{"item":{"name":"Frostweave Cloth","id":33470,"count":20,"link":"","texture":"","bagId":0,"slotId":16}}';

const CASES: Readonly<Record<string, Case>> = {
  'A payout: changeStatus {"status":"Cancelled"}': endsUnpaid("Cancelled"),
  'A payout: changeStatus {"status":"Failed"}': endsUnpaid("Failed"),
  'A payout: accept {"characterName":"<character>"}': {
    begin: () => subjects.payout(),
    async look({ id, workflowId }) {
      const payout = await payoutOf(world, id);
      expect(payout).toMatchObject({ status: "Pending" });
      expect(payout?.winnerAcceptedWillingToReceiveAt).toEqual(expect.any(String));
      expect(await lastPayoutEvent(world, id)).toMatchObject({ event: "accepted", cause: "operator" });
      expect(await statusOf(workflowId)).toBe("RUNNING");
    },
  },
  "A payout: confirmMail {}": {
    begin: () => subjects.payout(),
    async look({ id, workflowId, values }) {
      const payout = await payoutOf(world, id);
      expect(payout).toMatchObject({ status: "Sent", isRewardSentAnnouncedToChat: true, needsAttention: false });
      expect(payout?.mailConfirmedAt).toEqual(expect.any(String));
      expect(await lastPayoutEvent(world, id)).toMatchObject({ event: "status", status: "Sent" });
      const left = await world.database.query("select from pool_entries where twitch_user_id = $1", [
        values.twitchUserId,
      ]);
      expect(left.rowCount).toBe(0);
      expect(await statusOf(workflowId)).toBe("COMPLETED");
    },
  },
  'A question about a payout: settle {"note":"the streamer found the mail among the sent ones"}': {
    begin: () => subjects.attention(),
    async look({ id, workflowId }) {
      expect(await payoutOf(world, id)).toMatchObject({ status: "Failed", needsAttention: false });
      expect(await lastPayoutEvent(world, id)).toMatchObject({
        event: "settled",
        cause: "operator",
        note: "the streamer found the mail among the sent ones",
      });
      expect(await statusOf(workflowId)).toBe("COMPLETED");
      expect(await asksForAttention(workflowId)).toBe(false);
    },
  },
  'A gift request: fail {"reason":"ended_by_operator"}': comesTo("Failed", { reason: "ended_by_operator" }),
  'A gift request: confirm {"confirmed":true}': comesTo("Completed", { event: "answered" }, () =>
    subjects.selectedGift(),
  ),
  'A gift request: confirm {"confirmed":false}': comesTo("Failed", { reason: "receiver_declined" }, () =>
    subjects.selectedGift(),
  ),
  "A gift request: sent {}": comesTo("Completed", { event: "sent" }),
  [`A gift request: selectItem ${ITEM}`]: comesTo("WaitingConfirmation", { event: "item_selected" }),
  "An item whose mail was not sent: sentSignal {}": {
    begin: () => subjects.delivery(),
    async look({ id, workflowId, values }) {
      expect((await subjects.gifts.row(id)).delivered_at).not.toBeNull();
      expect(await subjects.gifts.used()).toContain(values.twitchUserId);
      expect(await statusOf(workflowId)).toBe("COMPLETED");
    },
  },
  'An item whose mail was not sent: failSignal {"reason":"failed_by_streamer"}': {
    begin: () => subjects.delivery(),
    async look({ id, workflowId, values }) {
      expect(await subjects.gifts.row(id)).toMatchObject({ state: "Failed", failure_reason: "failed_by_streamer" });
      expect(await subjects.gifts.used()).not.toContain(values.twitchUserId);
      expect(await statusOf(workflowId)).toBe("COMPLETED");
    },
  },
};

const statusOf = async (workflowId: string) =>
  (await world.client.workflow.getHandle(workflowId).describe()).status.name;
/** What the operators' list shows in its column, of ended ones too. */
const asksForAttention = async (workflowId: string) =>
  (await world.client.workflow.getHandle(workflowId).describe()).typedSearchAttributes.get(NEEDS_ATTENTION);

const keyOf = ({ about, name, json }: { about: string; name: string; json: string }) => `${about}: ${name} ${json}`;
const WAYS = pageMessages().flatMap((message) =>
  message.name.endsWith("Signal")
    ? [{ ...message, way: "signal" as const, sent: message.name }]
    : [
        { ...message, way: "update" as const, sent: message.name },
        { ...message, way: "signal" as const, sent: `${message.name}Signal` },
      ],
);

describe("the runbook's messages", () => {
  it("are those whose outcome is known here", () => {
    expect(pageMessages().map(keyOf).sort()).toEqual(Object.keys(CASES).sort());
  });

  it.each(WAYS)("$about: $sent $json", async ({ way, sent, ...message }) => {
    const { begin, look } = CASES[keyOf(message)] as Case;
    const subject = await begin();
    const handle = world.client.workflow.getHandle(subject.workflowId);
    const input: unknown = JSON.parse(filled(message.json, subject.values));
    if (way === "update") await handle.executeUpdate<unknown, [unknown]>(sent, { args: [input] });
    else await handle.signal(sent, input);
    await eventuallyHolds(() => look(subject));
    await subjects.gifts.clear();
  });

  it("leave nothing that does not fit together", async () => {
    await eventuallyHolds(() => expectConsistent(world));
    expect(await world.reconcile()).toMatchObject({ payoutsFailed: 0, giftsEnded: 0, attentionsStarted: 0 });
  });

  it.each([
    ["changeStatus", { status: "InProgress" }, "status_change_not_allowed"],
    ["changeStatus", { status: "Expired" }, "status_change_not_allowed"],
    ["accept", { characterName: "Somebody" }, "character_name_mismatch"],
  ])("refused to operators: %s %j", async (name, input, code) => {
    const { id, workflowId } = await subjects.payout();
    const handle = world.client.workflow.getHandle(workflowId);
    const refusal = await handle.executeUpdate<unknown, [unknown]>(name, { args: [input] }).then(
      () => null,
      (error: WorkflowUpdateFailedError) => error.cause,
    );
    expect(refusal).toMatchObject({ type: code });
    expect(await payoutOf(world, id)).toMatchObject({ status: "Pending", winnerAcceptedWillingToReceiveAt: null });
  });
});
