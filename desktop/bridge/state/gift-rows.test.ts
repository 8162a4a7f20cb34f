import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GiftRequestDetailsDto, GiftState } from "@mgm/domain/wire";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type GiftDraw, wantDraw } from "../loop/gift-draw.ts";
import { put, Store } from "../store/store.ts";
import { giftRows } from "./gift-rows.ts";

const NOW = "2026-04-04T12:00:00.000Z";
const CLOTH = { bag: 0, slot: 3, itemId: 33_470, count: 17 };
const LOTUS = { bag: 4, slot: 1, itemId: 36_908, count: 3 };
const ITEM = { name: "Frost Lotus", id: 36_908, count: 3, link: "", texture: "", bagId: 4, slotId: 1 };

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-gift-rows-"));
  store = await Store.open(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function gift(state: GiftState, changed: Partial<GiftRequestDetailsDto> = {}): GiftRequestDetailsDto {
  return {
    id: "a",
    streamerId: "1",
    viewerId: "2",
    viewerDisplayName: "Viewer",
    characterName: "Norinn",
    state,
    selectedItem: null,
    selectedBy: null,
    queuePosition: 1,
    estimatedWaitSeconds: 0,
    createdAt: NOW,
    updatedAt: NOW,
    timeoutAt: null,
    failureReason: null,
    deliveredAt: null,
    needsAttention: false,
    ...changed,
  };
}
const shown = async (one: GiftRequestDetailsDto, draw: Partial<GiftDraw> = {}) => {
  await store.commit([put("gift", "a", { ...wantDraw("Norinn", 1), ...draw })]);
  return giftRows([one], store)[0];
};

it("shows each step of a gift", async () => {
  const listed = { stacks: [CLOTH, LOTUS] };
  const drawn = { ...listed, drawnIndex: 1, drawnAt: 5 };
  const steps = [
    await shown(gift("Pending")),
    await shown(gift("SelectingItem")),
    await shown(gift("SelectingItem"), listed),
    await shown(gift("SelectingItem"), drawn),
    await shown(gift("SelectingItem"), { ...drawn, isDescribed: true }),
    await shown(gift("WaitingConfirmation"), drawn),
    await shown(gift("Completed"), drawn),
    await shown(gift("Completed", { deliveredAt: NOW }), drawn),
  ];
  expect(steps.map((row) => row?.step)).toEqual([
    "waiting",
    "listing",
    "drawing",
    "describing",
    "selecting",
    "asking",
    "mailing",
    "delivered",
  ]);
  await store.commit([put("told", "gift:a:gift_sent", { at: 1 })]);
  expect((await shown(gift("Completed"), drawn))?.step).toBe("delivered");
});

it("shows the roulette from the draw on, with the name that the game told", async () => {
  const drawn = { stacks: [CLOTH, LOTUS], drawnIndex: 1, drawnAt: 5 };
  expect((await shown(gift("SelectingItem"), { stacks: [CLOTH, LOTUS] }))?.roulette).toBeNull();
  expect((await shown(gift("WaitingConfirmation", { selectedItem: ITEM }), drawn))?.roulette).toEqual({
    stacks: [
      { id: 33_470, count: 17, bagId: 0, slotId: 3, name: null },
      { id: 36_908, count: 3, bagId: 4, slotId: 1, name: "Frost Lotus" },
    ],
    drawnIndex: 1,
    drawnAt: 5,
  });
  expect((await shown(gift("SelectingItem"), drawn))?.roulette?.stacks[1]?.name).toBeNull();
});
