import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import type { GiftRow } from "../../wire/state.ts";
import type { GiftDraw } from "../loop/gift-draw.ts";
import { mailedIds } from "../loop/mail-knowledge.ts";
import type { Store } from "../store/store.ts";

/** Gift requests with what this desktop knows of them. */
export function giftRows(gifts: readonly GiftRequestDetailsDto[], store: Store): GiftRow[] {
  const isMailed = mailedIds(store);
  return gifts.map((gift) => {
    const draw = store.get("gift", gift.id);
    return { ...gift, step: stepOf(gift, draw, isMailed(gift.id)), roulette: rouletteOf(gift, draw) };
  });
}

function stepOf(
  { state, deliveredAt }: GiftRequestDetailsDto,
  draw: GiftDraw | undefined,
  isMailed: boolean,
): GiftRow["step"] {
  if (deliveredAt !== null || isMailed) return "delivered";
  switch (state) {
    case "Pending":
    case "Failed":
      return "waiting";
    case "SelectingItem":
      if (draw?.isDescribed) return "selecting";
      if (draw?.drawnIndex != null) return "describing";
      return draw?.stacks == null ? "listing" : "drawing";
    case "WaitingConfirmation":
      return "asking";
    case "Completed":
      return "mailing";
    default:
      return state satisfies never;
  }
}

/** The game names the drawn stack only, and only once it was described. */
function rouletteOf({ selectedItem }: GiftRequestDetailsDto, draw: GiftDraw | undefined): GiftRow["roulette"] {
  if (draw?.stacks == null || draw.drawnIndex === null || draw.drawnAt === null) return null;
  const { stacks, drawnIndex, drawnAt } = draw;
  return {
    stacks: stacks.map(({ bag: bagId, slot: slotId, itemId: id, count }, index) => ({
      id,
      count,
      bagId,
      slotId,
      name: index === drawnIndex ? (selectedItem?.name ?? null) : null,
    })),
    drawnIndex,
    drawnAt,
  };
}
