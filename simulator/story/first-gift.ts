import type { GiftRequestDto } from "@mgm/domain/wire";
import type { Audience } from "./audience.ts";
import type { ChatRoom } from "./chat-room.ts";
import { until } from "./until.ts";

/** What the story of a gift is told from. */
export type FirstGiftParts = {
  readonly audience: Audience;
  readonly chatRoom: ChatRoom;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
};

/** A viewer may look once a second, and looks half as often. */
const LOOK_EVERY_MS = 2_000;

/** Tells how a viewer's `!twgift` becomes an item in the mail, each step when it is seen. */
export async function firstGift({ audience, chatRoom, tell, signal }: FirstGiftParts): Promise<void> {
  const viewer = await chatRoom.askForGift();
  tell(`${viewer.displayName} types !twgift ${viewer.character}`);
  for (let told = ""; ; ) {
    const gift = await until(
      async () => {
        const seen = await audience.gift(viewer.id);
        return seen !== null && stepOf(seen) !== told ? seen : null;
      },
      signal,
      LOOK_EVERY_MS,
    );
    told = stepOf(gift);
    tell(lineAbout(gift));
    if (gift.deliveredAt !== null || gift.state === "Failed") return;
  }
}

function stepOf({ state, deliveredAt }: GiftRequestDto): string {
  return deliveredAt === null ? state : "sent";
}

function lineAbout({
  state,
  characterName,
  queuePosition,
  selectedItem,
  deliveredAt,
  failureReason,
}: GiftRequestDto): string {
  const item = selectedItem === null ? "" : `${selectedItem.count} × ${selectedItem.name}`;
  if (deliveredAt !== null) return `${characterName} was sent ${item}`;
  switch (state) {
    case "Pending":
      return `${characterName} waits for a gift, number ${queuePosition}`;
    case "SelectingItem":
      return `a gift for ${characterName} is drawn from the streamer's bags`;
    case "WaitingConfirmation":
      return `${characterName} drew ${item} and is asked whether they want it`;
    case "Completed":
      return `${characterName} wants ${item}; it waits to be mailed`;
    case "Failed":
      return `the gift for ${characterName} came to nothing: ${failureReason}`;
    default:
      return state satisfies never;
  }
}
