import type { PayoutDetailsDto } from "@mgm/domain/wire";
import type { Viewer } from "../twitch/viewers.ts";
import { viewers } from "../twitch/viewers.ts";
import type { Audience } from "./audience.ts";
import type { ChatRoom } from "./chat-room.ts";
import { firstGift } from "./first-gift.ts";
import type { Realm } from "./realm.ts";
import { until } from "./until.ts";

/** What goes on after the first gold. */
export type EncoreParts = {
  readonly audience: Audience;
  readonly chatRoom: ChatRoom;
  readonly game: Realm;
  readonly payoutPage: (payoutId: string) => string | null;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
};

const LOOK_EVERY_MS = 1_000;
const OFFLINE_EVERY = 4;

/** One line per event until the signal ends it: a viewer's gift, and spin after spin beside it. */
export async function encore(parts: EncoreParts): Promise<void> {
  await Promise.all([firstGift(parts), spinOn(parts)]);
}

/** Every now and then the candidate is not online. */
async function spinOn(parts: EncoreParts): Promise<never> {
  const { audience, chatRoom, game, tell, signal } = parts;
  // Who won the first gold has left the pool by now.
  await chatRoom.enrolCast();
  const told = new Map<string, string>((await audience.payouts()).map(({ id, status }) => [id, status]));
  let lastSpinId = (await audience.state()).lastSpin?.spinCycleId ?? null;
  let spins = 0;
  for (;;) {
    const news = await until(
      async () => {
        const changed = (await audience.payouts()).filter(({ id, status }) => told.get(id) !== status);
        const { lastSpin } = await audience.state();
        const isNewSpin = lastSpin !== null && lastSpin.spinCycleId !== lastSpinId;
        return changed.length > 0 || isNewSpin ? { changed, spin: isNewSpin ? lastSpin : null } : null;
      },
      signal,
      LOOK_EVERY_MS,
    );
    for (const payout of news.changed.toReversed()) {
      told.set(payout.id, payout.status);
      const line = lineAbout(payout, parts.payoutPage);
      if (line !== null) tell(line);
      if (payout.status === "Sent") await comeBack(chatRoom, payout, tell);
    }
    if (news.spin !== null) {
      lastSpinId = news.spin.spinCycleId;
      if (news.spin.outcome !== "won") tell(`${news.spin.characterName} was drawn: ${news.spin.outcome}`);
      spins += 1;
      // Whoever the wheel stops on next may just have logged off; there is no second draw.
      if (spins % OFFLINE_EVERY === 0) for (const { character } of viewers) game.offline.add(character);
      else game.offline.clear();
    }
  }
}

function lineAbout(payout: PayoutDetailsDto, payoutPage: EncoreParts["payoutPage"]): string | null {
  const { id, status, characterName, twitchDisplayName, goldAmount } = payout;
  switch (status) {
    case "Pending":
      return `${characterName} (${twitchDisplayName}) wins ${goldAmount} gold${linkTo(payoutPage(id))}`;
    case "InProgress":
      return null;
    case "Sent":
      return `${characterName} has the gold in the mail`;
    default:
      return `the payout to ${characterName} ended: ${status}`;
  }
}

function linkTo(page: string | null): string {
  return page === null ? "" : `: ${page}`;
}

/** A winner joins again; one who has had all the gold that anybody may have makes room for somebody new. */
async function comeBack(chatRoom: ChatRoom, payout: PayoutDetailsDto, tell: (text: string) => void): Promise<void> {
  const winner: Viewer | undefined = viewers.find(({ id }) => id === payout.twitchUserId);
  if (winner !== undefined && (await chatRoom.enrol(winner))) return;
  const newcomer = await chatRoom.enrolNewcomer();
  tell(`${newcomer.displayName} joins the pool as ${newcomer.character}`);
}
