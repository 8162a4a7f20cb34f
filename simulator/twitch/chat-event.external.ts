import type { Badge } from "./viewers.ts";

/** A subscription as it stands in notifications and in Helix answers. */
export type SubscriptionJson = {
  id: string;
  status: string;
  type: string;
  version: string;
  condition: Record<string, string>;
  transport: { method: "webhook"; callback: string };
  created_at: string;
  cost: number;
};

/** A piece of a chat message. */
export type FragmentJson = {
  type: "text" | "cheermote" | "emote" | "mention";
  text: string;
  cheermote: { prefix: string; bits: number; tier: number } | null;
  emote: { id: string; emote_set_id: string; owner_id: string; format: string[] } | null;
  mention: { user_id: string; user_name: string; user_login: string } | null;
};

/** `event` of a `channel.chat.message` notification, version 1. */
export type ChatMessageEventJson = {
  broadcaster_user_id: string;
  broadcaster_user_login: string;
  broadcaster_user_name: string;
  source_broadcaster_user_id: string | null;
  source_broadcaster_user_login: string | null;
  source_broadcaster_user_name: string | null;
  chatter_user_id: string;
  chatter_user_login: string;
  chatter_user_name: string;
  message_id: string;
  source_message_id: string | null;
  is_source_only: boolean | null;
  message: { text: string; fragments: FragmentJson[] };
  color: string;
  badges: Badge[];
  source_badges: Badge[] | null;
  message_type: string;
  cheer: { bits: number } | null;
  reply: Record<string, string> | null;
  channel_points_custom_reward_id: string | null;
  channel_points_animation_id: string | null;
};
