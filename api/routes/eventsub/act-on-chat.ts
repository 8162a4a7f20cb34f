import { type ChatEnrolmentResult, enrollByChat, recordChatRefusal } from "@mgm/activities/db/pool/enroll-by-chat";
import { parseCharacterName } from "@mgm/domain/character-name";
import { parseChatCommand } from "@mgm/domain/chat-command";
import { ignoredChat, isSubscriberByBadges } from "@mgm/domain/enrolment";
import type { ApiDependencies } from "../../dependencies.ts";
import type { ChatEvent } from "./chat-message.external.ts";

/** Does what a chat line asks for, and keeps every command with its result. Most lines are no command. */
export async function actOnChat(
  deps: Pick<ApiDependencies, "database" | "channel" | "log">,
  event: ChatEvent,
  times: { readonly commandedAt: number; readonly receivedAt: number },
): Promise<void> {
  const command = parseChatCommand(event.text);
  if (command === null || command.kind !== "gold") return;
  const ignored = ignoredChat(event, deps.channel);
  if (ignored !== null) {
    deps.log.info({ messageId: event.messageId, ignored }, "a command is not for us");
    return;
  }
  const enrolment = {
    broadcasterId: event.broadcasterId,
    twitchUserId: event.chatterId,
    twitchDisplayName: event.chatterName,
    enrollmentRequestId: event.messageId,
    ...times,
  };
  const name = parseCharacterName(command.name);
  let result: ChatEnrolmentResult;
  if (!isSubscriberByBadges(event.badges)) result = await recordChatRefusal(deps.database, enrolment, "not_subscriber");
  else if (!name.ok) result = await recordChatRefusal(deps.database, enrolment, name.code);
  else result = await enrollByChat(deps.database, { ...enrolment, characterName: name.name });
  deps.log.info({ messageId: event.messageId, twitchUserId: event.chatterId, result }, "a gold command");
}
