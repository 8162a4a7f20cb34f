import { isBelowLifetimeCap } from "./economics.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** What is stored about a viewer at the moment when an enrolment is judged. Times are Unix milliseconds. */
export interface EnrolmentStanding {
  readonly hasActivePayout: boolean;
  /** Copper of Sent, active and mail-confirmed payouts. */
  readonly countedCopper: number;
  /** Who holds the wanted name now. */
  readonly nameHolder: string | null;
  /** When the command behind the viewer's present entry was given. */
  readonly enteredAt: number | null;
  /** When the viewer's last entry ended (reward sent, or removed). */
  readonly leftAt: number | null;
}

/** Whether a command is older than what is known of the viewer, and so changes nothing. */
export function isStaleCommand(standing: EnrolmentStanding, commandedAt: number): boolean {
  return commandedAt < (standing.enteredAt ?? commandedAt) || commandedAt < (standing.leftAt ?? commandedAt);
}

/** Judges whether a viewer may enter the pool under a name; null when nothing stands in the way. */
export function judgeEnrolment(standing: EnrolmentStanding, twitchUserId: string): Refusal | null {
  if (standing.hasActivePayout) return refuse("active_payout_exists");
  if (!isBelowLifetimeCap(standing.countedCopper)) return refuse("lifetime_cap_reached");
  if (standing.nameHolder !== null && standing.nameHolder !== twitchUserId) {
    return refuse("character_name_taken_in_pool");
  }
  return null;
}

/** A chat message, as far as the rules look at it. */
export interface ChatMessage {
  readonly broadcasterId: string;
  readonly chatterId: string;
  readonly badges: readonly string[];
  /** The channel that a shared-chat message was typed in; null when it was typed in ours. */
  readonly sourceBroadcasterId: string | null;
}

/** Why a chat message has no effect whatever it says. */
export type IgnoredChat = "other_channel" | "shared_chat" | "own_channel";

/** Decides whether a message is listened to at all; `channel` is the channel and the bot that we serve. */
export function ignoredChat(
  message: ChatMessage,
  channel: { broadcasterId: string; botUserId: string | null },
): IgnoredChat | null {
  if (message.broadcasterId !== channel.broadcasterId) return "other_channel";
  if (message.sourceBroadcasterId !== null && message.sourceBroadcasterId !== channel.broadcasterId) {
    return "shared_chat";
  }
  if (isOwnAccount(message.chatterId, channel)) return "own_channel";
  return null;
}

/** Whether this is the broadcaster or the bot: mail to oneself fails, and the bot plays no roulette. */
export function isOwnAccount(
  twitchUserId: string,
  channel: { broadcasterId: string; botUserId: string | null },
): boolean {
  return twitchUserId === channel.broadcasterId || twitchUserId === channel.botUserId;
}

/** Whether badges prove a subscription to this channel; `premium` (Prime Gaming) is an account's, not a channel's. */
export function isSubscriberByBadges(badges: readonly string[]): boolean {
  return badges.includes("subscriber") || badges.includes("founder");
}
