import { randomBytes } from "node:crypto";
import type { GiftItem } from "@mgm/domain/gift-item";
import type { GiftRequestDetailsDto, GiftState } from "@mgm/domain/wire";
import { badges } from "@mgm/simulator/twitch/viewers";
import { giftDeliveryWorkflowId, giftQueueWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { type Answer, eventually, randomName, type World } from "./world.ts";

/** A stack with all that may stand in an item's texts. */
export const FROSTWEAVE: GiftItem = {
  name: 'Отрез "льняной|ткани" [редкий]',
  id: 33470,
  count: 20,
  link: "|cffffffff|Hitem:33470:0:0:0:0:0:0:0:80|h[Отрез]|h|r",
  texture: "Interface\\Icons\\INV_Fabric_FrostWeave_01",
  bagId: 0,
  slotId: 16,
};

/** A gift request and who made it. */
export interface Wish {
  readonly id: string;
  readonly viewerId: string;
  readonly characterName: string;
}

/** What tests do with gift requests. */
export interface Gifts {
  /** A fresh subscriber types `!twgift`. */
  ask(viewerId?: string): Promise<Wish>;
  /** The same, and it is that request's turn. */
  askAndServe(viewerId?: string): Promise<Wish>;
  /** The same, and the item was selected. */
  askAndSelect(viewerId?: string): Promise<Wish>;
  /** The same, and the viewer has agreed. */
  askAndComplete(viewerId?: string): Promise<Wish>;
  /**
   * Waits until the wait for a completed gift's mail has begun, which it does after the answer, and not at all for a gift
   * that was sent or taken back before.
   */
  untilDeliveryBegins(id: string): Promise<void>;
  /** Waits until a request is in a state. */
  until(id: string, state: GiftState): Promise<GiftRow>;
  row(id: string): Promise<GiftRow>;
  /** All open requests and unsent gifts, as a desktop sees them. */
  list(): Promise<GiftRequestDetailsDto[]>;
  select(id: string, item?: GiftItem, options?: { id?: string }): Promise<Answer>;
  confirm(id: string, confirmed: boolean, options?: { id?: string }): Promise<Answer>;
  sent(id: string, options?: { id?: string }): Promise<Answer>;
  fail(id: string, reason: string, options?: { id?: string }): Promise<Answer>;
  /** Puts a row whose turn it is back to where it waited, as a restored backup does, and lets its workflow see it. */
  setBack(id: string): Promise<void>;
  /** Ends all that is open or unsent; with `idle` it waits until the queue has ended too. */
  clear(how?: "idle"): Promise<void>;
  /** The story of all requests, in the order in which it was written. */
  events(): Promise<GiftEventRow[]>;
  /** Who has used their right up. */
  used(): Promise<string[]>;
}

/** A row, as far as tests look. */
export interface GiftRow {
  readonly state: GiftState;
  readonly failure_reason: string | null;
  readonly delivered_at: Date | null;
  readonly completed_at: Date | null;
  readonly timeout_at: Date | null;
  readonly updated_at: Date;
  readonly selected_by: string | null;
  readonly untold: boolean;
  readonly workflow_ended: boolean;
}

/** An entry of the event table. */
export interface GiftEventRow {
  readonly id: string;
  readonly event: string;
  readonly state: GiftState;
  readonly reason: string | null;
  readonly cause: string;
  readonly at: Date;
}

/** The gift requests of a world; `chat` may lead to another API of it. */
export function giftsOf(world: World, chat: World["chat"] = world.chat): Gifts {
  const path = (id: string): string => `/api/gift-requests/${id}`;
  const gifts: Gifts = {
    async ask(viewerId = `u${randomBytes(5).toString("hex")}`) {
      const characterName = randomName();
      const chatter = { id: viewerId, login: viewerId, displayName: `Viewer ${characterName}` };
      const line = { chatter, text: `!twgift ${characterName}`, badges: [badges.subscriber(3)] };
      const message = chat.chatMessage(line);
      // What is answered 503 comes again, as Twitch does it.
      await eventually(async () => (await chat.send(message)).status === 200);
      const { rows } = await world.database.query<{ gift_request_id: string }>(
        `select gift_request_id from gift_requests where broadcaster_id = $1 and twitch_user_id = $2
          order by arrival desc limit 1`,
        [world.broadcasterId, viewerId],
      );
      const id = rows[0]?.gift_request_id;
      if (id === undefined) throw new Error("nothing was requested");
      return { id, viewerId, characterName };
    },
    async askAndServe(viewerId) {
      const wish = await gifts.ask(viewerId);
      await gifts.until(wish.id, "SelectingItem");
      return wish;
    },
    async askAndSelect(viewerId) {
      const wish = await gifts.askAndServe(viewerId);
      await expectTaken(() => gifts.select(wish.id));
      return wish;
    },
    async askAndComplete(viewerId) {
      const wish = await gifts.askAndSelect(viewerId);
      await expectTaken(() => gifts.confirm(wish.id, true));
      await gifts.untilDeliveryBegins(wish.id);
      return wish;
    },
    async untilDeliveryBegins(id) {
      const delivery = world.client.workflow.getHandle(giftDeliveryWorkflowId(id));
      await eventually(() => delivery.describe().catch(() => null));
    },
    until: (id, state) =>
      eventually(async () => {
        const row = await gifts.row(id);
        return row.state === state && row;
      }),
    async row(id) {
      const { rows } = await world.database.query<GiftRow>("select * from gift_requests where gift_request_id = $1", [
        id,
      ]);
      if (rows[0] === undefined) throw new Error("no such gift request");
      return rows[0];
    },
    list: async () => (await expectTaken(() => world.desktop("GET", "/api/gift-requests"))).body,
    select: (id, item = FROSTWEAVE, options) =>
      world.desktop("POST", `${path(id)}/select-item`, { item }, options ?? {}),
    confirm: (id, confirmed, options) => world.desktop("POST", `${path(id)}/confirm`, { confirmed }, options ?? {}),
    sent: (id, options) => world.desktop("POST", `${path(id)}/sent`, undefined, options ?? {}),
    fail: (id, reason, options) => world.desktop("PATCH", path(id), { state: "Failed", reason }, options ?? {}),
    async setBack(id) {
      await world.database.query("delete from gift_events where gift_request_id = $1 and event_number > 1", [id]);
      const { rowCount } = await world.database.query(
        `update gift_requests set state = 'Pending', version = version - 1, timeout_at = null
          where gift_request_id = $1 and state = 'SelectingItem'`,
        [id],
      );
      if (rowCount !== 1) throw new Error("it was not its turn");
      await world.client.workflow.getHandle(giftWorkflowId(id)).executeUpdate("look");
    },
    async clear(how) {
      // From the end, so that nobody is promoted on the way.
      for (const { id } of (await gifts.list()).reverse()) {
        await expectTaken(() => gifts.fail(id, "failed_by_streamer"));
      }
      if (how !== "idle") return;
      const queue = world.client.workflow.getHandle(giftQueueWorkflowId(world.broadcasterId));
      await eventually(async () => (await queue.describe().catch(() => null))?.status.name !== "RUNNING");
    },
    async events() {
      const { rows } = await world.database.query<GiftEventRow>(
        "select gift_request_id as id, event, state, reason, cause, at from gift_events order by sequence",
      );
      return rows;
    },
    async used() {
      const { rows } = await world.database.query<{ twitch_user_id: string }>("select twitch_user_id from gift_use");
      return rows.map((row) => row.twitch_user_id);
    },
  };
  return gifts;
}

/** Asks until it is taken: what is answered 503 may be asked again. */
export async function expectTaken(ask: () => Promise<Answer>): Promise<Answer> {
  return await eventually(async () => {
    const answer = await ask();
    if (answer.status !== 200 && answer.status !== 503) throw new Error(`${answer.status} ${answer.body?.code}`);
    return answer.status === 200 && answer;
  });
}
