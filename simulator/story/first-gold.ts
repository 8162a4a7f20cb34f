import { rewardSentAnnouncement } from "@mgm/domain/payout";
import type { PayoutDetailsDto, RouletteStateDto } from "@mgm/domain/wire";
import type { ChatLog } from "../twitch/helix-routes.ts";
import type { Audience } from "./audience.ts";
import type { ChatRoom } from "./chat-room.ts";
import type { Realm } from "./realm.ts";
import type { FirstGold, TimeLine } from "./time-line.ts";
import { until } from "./until.ts";

/** What the story of the first gold is told from. */
export type FirstGoldParts = {
  readonly audience: Audience;
  readonly chatRoom: ChatRoom;
  readonly game: Realm;
  /** What was posted in chat; null where the Twitch is not ours, and the API's word is all there is. */
  readonly chat: ChatLog | null;
  readonly timeLine: TimeLine;
  readonly payoutPage: (payoutId: string) => string | null;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
};

type Drawn = { readonly spinCycleId: string; readonly candidate: string };

/**
 * Tells how the first gold of this run comes about, each step when it is seen. Whatever an earlier run left unfinished
 * goes on beside it and is not counted.
 */
export async function firstGold(parts: FirstGoldParts): Promise<FirstGold> {
  const { audience, timeLine, tell, signal } = parts;
  const over = new Set<string | null>([(await audience.state()).currentSpinCycleId]);
  await enrol(parts);
  for (;;) {
    const drawn = await until(async () => drawnIn(await audience.state(), over), signal);
    timeLine.see("drawn");
    tell(`drawn: the wheel stops on ${drawn.candidate}; the addon asks the game whether they are online`);
    const payout = await until(() => outcomeOf(parts, drawn), signal);
    if (payout !== "nothing") return await follow(parts, payout);
    tell(`${drawn.candidate} cannot be paid this time; everybody waits for the next spin`);
    over.add(drawn.spinCycleId);
    timeLine.takeBackSpin();
  }
}

async function enrol({ audience, chatRoom, timeLine, tell }: FirstGoldParts): Promise<void> {
  const { enrolled, ignored } = await chatRoom.enrolCast();
  timeLine.see("enrolled");
  const names = enrolled.map(({ character }) => character).join(", ");
  tell(`enrolled: ${enrolled.length} viewers typed !twgold and are in the pool: ${names}`);
  if (ignored.length > 0) {
    tell(
      `ignored: ${ignored.map(({ displayName }) => displayName).join(" and ")}, who do not subscribe to the channel`,
    );
  }
  const { nextSpinAt, serverNow } = await audience.state();
  if (nextSpinAt === null) tell("spins are paused; the story goes on when they are not");
  else tell(`the next spin is in ${Math.ceil((Date.parse(nextSpinAt) - Date.parse(serverNow)) / 1_000)} s`);
}

function drawnIn(state: RouletteStateDto, over: ReadonlySet<string | null>): Drawn | null {
  const { currentSpinCycleId: spinCycleId, candidate } = state;
  return spinCycleId === null || candidate === null || over.has(spinCycleId) ? null : { spinCycleId, candidate };
}

/** The payout of a cycle, or that there is none to come; null while that is open. */
async function outcomeOf({ audience }: FirstGoldParts, drawn: Drawn): Promise<PayoutDetailsDto | "nothing" | null> {
  const payout = (await audience.payouts()).find((one) => one.spinCycleId === drawn.spinCycleId);
  if (payout !== undefined) return payout;
  const { lastSpin, currentSpinCycleId } = await audience.state();
  if (lastSpin?.spinCycleId === drawn.spinCycleId && lastSpin.outcome !== "won") return "nothing";
  // Its own time has passed, with the grace that a report had.
  return currentSpinCycleId !== null && currentSpinCycleId !== drawn.spinCycleId ? "nothing" : null;
}

async function follow(parts: FirstGoldParts, payout: PayoutDetailsDto): Promise<FirstGold> {
  const { audience, game, timeLine, payoutPage, tell, signal } = parts;
  const { id, characterName, twitchDisplayName, twitchUserId, goldAmount } = payout;
  const page = payoutPage(id);
  timeLine.see("online");
  tell(
    [
      `online: ${characterName} is in the game, so ${twitchDisplayName} wins ${goldAmount.toLocaleString("en")} gold`,
      `payout ${id}${page === null ? "" : `\n${page}`}`,
    ].join("\n"),
  );
  await until(() => game.whispers.all().find((whisper) => whisper.payoutId === id) ?? null, signal);
  timeLine.see("whispered");
  tell(`whispered: the streamer's character asks ${characterName} for consent`);

  const present = async () => (await audience.payouts()).find((one) => one.id === id) ?? null;
  await until(async () => ((await present())?.winnerAcceptedWillingToReceiveAt == null ? null : true), signal);
  timeLine.see("accepted");
  tell(`accepted: ${characterName} whispered back !twgold`);

  await until(() => game.mails.all().find((mail) => mail.payoutId === id) ?? null, signal);
  timeLine.see("mailed");
  tell(`mailed: the gold left the streamer's mailbox, and the game client says so`);

  await until(async () => ((await present())?.status === "Sent" ? true : null), signal);
  timeLine.see("sent");
  tell("sent: the payout is Sent, on the game's own word");

  const posted = await until(async () => await announcementOf(parts, id, await present()), signal);
  timeLine.see("announced");
  tell(`announced: chat reads "${posted}"`);

  await until(async () => ((await audience.membership(twitchUserId)).isEnrolled ? null : true), signal);
  timeLine.see("left_pool");
  tell(`left the pool: ${twitchDisplayName} may join again with !twgold`);
  return timeLine.finish();
}

/** The announcement as chat has it; null until it is there and the API knows it. */
async function announcementOf(
  { chat }: FirstGoldParts,
  payoutId: string,
  payout: PayoutDetailsDto | null,
): Promise<string | null> {
  if (payout === null || payout.id !== payoutId || !payout.isRewardSentAnnouncedToChat) return null;
  const text = rewardSentAnnouncement(payout.characterName);
  return chat === null || chat.all().some((message) => message.text === text) ? text : null;
}
