import {
  giftDeliveryWorkflowId,
  giftWorkflowId,
  payoutAttentionWorkflowId,
  payoutWorkflowId,
  spinScheduleId,
} from "@mgm/workflows/ids";
import { type Gifts, giftsOf } from "../test/gifts.ts";
import { eventually, type World } from "../test/world.ts";

/** Something that operators act on, and what to write for the page's placeholders. */
export interface Subject {
  readonly workflowId: string;
  readonly values: Readonly<Record<string, string>>;
  readonly id: string;
}

/** What operators find in a world, made for them. */
export interface Subjects {
  readonly gifts: Gifts;
  /** A payout that is owed; `timings` as for a world's `win`. */
  payout(timings?: Parameters<World["win"]>[2]): Promise<Subject>;
  /** A payout that failed and whose mail was confirmed after that. */
  attention(): Promise<Subject>;
  /** A cycle that waits for its report. */
  spin(timings?: Parameters<World["spin"]>[1]): Promise<Subject>;
  /** A gift request whose turn it is. */
  gift(): Promise<Subject>;
  /** The same with its item selected. */
  selectedGift(): Promise<Subject>;
  /** A gift whose mail was not sent yet. */
  delivery(): Promise<Subject>;
}

/** Makes what operators find; one set for each world. */
export function subjectsOf(world: World): Subjects {
  const gifts = giftsOf(world);
  let variant = 1;
  const isThere = (workflowId: string) =>
    eventually(() =>
      world.client.workflow
        .getHandle(workflowId)
        .describe()
        .catch(() => null),
    );
  const common = { broadcasterId: world.broadcasterId };
  const giftSubject = (wish: { id: string; characterName: string; viewerId: string }): Subject => ({
    id: wish.id,
    workflowId: giftWorkflowId(wish.id),
    values: { ...common, giftRequestId: wish.id, character: wish.characterName, twitchUserId: wish.viewerId },
  });
  const subjects: Subjects = {
    gifts,
    async payout(timings) {
      // Whoever was left in the pool could be drawn instead.
      await world.database.query("delete from pool_entries where broadcaster_id = $1", [world.broadcasterId]);
      const { payoutId, characterName, twitchUserId } = await world.win(variant++, undefined, timings);
      const values = { ...common, payoutId, character: characterName, twitchUserId };
      return { id: payoutId, workflowId: payoutWorkflowId(payoutId), values };
    },
    async attention() {
      const payout = await subjects.payout();
      await world.desktop("PATCH", `/api/payouts/${payout.id}/status`, { status: "Failed" });
      await world.desktop("POST", `/api/payouts/${payout.id}/confirm-mail-sent`);
      const workflowId = payoutAttentionWorkflowId(payout.id);
      await isThere(workflowId);
      return { ...payout, workflowId };
    },
    async spin(timings) {
      await world.database.query("delete from pool_entries where broadcaster_id = $1", [world.broadcasterId]);
      const twitchUserId = `spinner-${variant}`;
      await world.say({ id: twitchUserId, displayName: "Viewer" }, "!twgold Spinner");
      const { workflowId, spinCycleId } = await world.spin(variant++, timings);
      const values = { ...common, spinScheduleId: spinScheduleId(world.broadcasterId), twitchUserId };
      return { id: spinCycleId, workflowId, values };
    },
    gift: async () => giftSubject(await gifts.askAndServe()),
    selectedGift: async () => giftSubject(await gifts.askAndSelect()),
    async delivery() {
      const wish = await gifts.askAndComplete();
      const workflowId = giftDeliveryWorkflowId(wish.id);
      await isThere(workflowId);
      return { ...giftSubject(wish), workflowId };
    },
  };
  return subjects;
}
