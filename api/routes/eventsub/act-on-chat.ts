import {
  type ChatEnrolment,
  type ChatEnrolmentResult,
  recordChatRefusal,
} from "@mgm/activities/db/pool/enroll-by-chat";
import { parseCharacterName } from "@mgm/domain/character-name";
import { parseChatCommand } from "@mgm/domain/chat-command";
import { ignoredChat, isSubscriberByBadges } from "@mgm/domain/enrolment";
import type { ApiDependencies } from "../../dependencies.ts";
import type { ChatEvent } from "./chat-message.external.ts";
import { requestByChat } from "./request-by-chat.ts";

/** What acting on chat needs. */
export type ChatDependencies = Pick<ApiDependencies, "database" | "channel" | "log" | "timings" | "workflows"> & {
  /** Enrols a viewer, with others who join at the same time. */
  readonly enroll: (enrolment: ChatEnrolment) => Promise<ChatEnrolmentResult>;
};

/** When a command was given (Twitch's clock) and received (ours), in Unix milliseconds. */
export interface ChatTimes {
  readonly commandedAt: number;
  readonly receivedAt: number;
}

/** What became of a chat line's command. */
export interface ChatAnswer {
  readonly kind: "gold" | "gift";
  readonly result: string;
}

/** Does what a chat line asks for, and keeps every command with its result; null for most lines, which are none for us. */
export async function actOnChat(
  deps: ChatDependencies,
  event: ChatEvent,
  times: ChatTimes,
): Promise<ChatAnswer | null> {
  const command = parseChatCommand(event.text);
  if (command === null) return null;
  const ignored = ignoredChat(event, deps.channel);
  if (ignored !== null) {
    deps.log.info({ messageId: event.messageId, ignored }, "a command is not for us");
    return null;
  }
  const result = await obey(deps, event, times, command);
  const { kind } = command;
  deps.log.info({ messageId: event.messageId, twitchUserId: event.chatterId, kind, result }, "a command");
  return { kind, result };
}

async function obey(
  deps: ChatDependencies,
  event: ChatEvent,
  times: ChatTimes,
  command: { readonly kind: "gold" | "gift"; readonly name: string },
): Promise<string> {
  const message = {
    broadcasterId: event.broadcasterId,
    twitchUserId: event.chatterId,
    twitchDisplayName: event.chatterName,
    enrollmentRequestId: event.messageId,
    ...times,
  };
  const word = command.kind === "gold" ? "twgold" : "twgift";
  if (!isSubscriberByBadges(event.badges)) {
    return await recordChatRefusal(deps.database, message, "not_subscriber", word);
  }
  const name = parseCharacterName(command.name);
  if (!name.ok) return await recordChatRefusal(deps.database, message, name.code, word);
  if (command.kind === "gift") return await requestByChat(deps, message, name.name);
  return await deps.enroll({ ...message, characterName: name.name });
}
