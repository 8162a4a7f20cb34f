import { type EnrolmentStanding, isStaleCommand, judgeEnrolment } from "@mgm/domain/enrolment";
import type { RefusalCode } from "@mgm/domain/refusal";
import { type Database, type Queryable, transact, violates } from "../database.ts";
import { lockViewer } from "./lock-viewer.ts";
import { NAME_INDEX, type PoolEntry, putPoolEntry } from "./put-entry.ts";
import { readEnrolmentStanding } from "./standing.ts";

/** A `!twgold` from chat whose name is well formed. `enrollmentRequestId` is the chat message's id. */
export interface ChatEnrolment extends PoolEntry {
  readonly receivedAt: number;
}

/** What became of a chat command: `stale` changed nothing, `replayed` was answered before. */
export type ChatEnrolmentResult = "enrolled" | "stale" | "replayed" | RefusalCode;

class Replayed extends Error {}

/** Enrols a viewer in one transaction that also keeps the message's id and result; a redelivery changes nothing. */
export async function enrollByChat(database: Database, enrolment: ChatEnrolment): Promise<ChatEnrolmentResult> {
  try {
    return await transact(database, async (client) => {
      await lockViewer(client, enrolment.broadcasterId, enrolment.twitchUserId);
      const standing = await readEnrolmentStanding(
        client,
        enrolment.broadcasterId,
        enrolment.twitchUserId,
        enrolment.characterName,
      );
      const result = judge(standing, enrolment);
      if (result === "enrolled") await putPoolEntry(client, enrolment);
      // Written last: when the id is there already, everything above is rolled back.
      const isFirst = await keepCommandMessage(client, enrolment, "twgold", result);
      if (!isFirst) throw new Replayed();
      return result;
    });
  } catch (error) {
    if (error instanceof Replayed) return "replayed";
    if (!violates(error, NAME_INDEX)) throw error;
    // Somebody took the name between our look and our write.
    return await recordChatRefusal(database, enrolment, "character_name_taken_in_pool");
  }
}

/** What becomes of a chat command that was not seen before. */
export function judge(standing: EnrolmentStanding, enrolment: ChatEnrolment): ChatEnrolmentResult {
  if (isStaleCommand(standing, enrolment.commandedAt)) return "stale";
  return judgeEnrolment(standing, enrolment.twitchUserId)?.code ?? "enrolled";
}

/** What is kept of every command message. */
export type CommandMessage = Pick<
  ChatEnrolment,
  "broadcasterId" | "twitchUserId" | "enrollmentRequestId" | "commandedAt" | "receivedAt"
>;

/** Keeps a refused command, so that its redelivery stays refused. */
export async function recordChatRefusal(
  database: Database,
  message: CommandMessage,
  code: RefusalCode,
  command: CommandWord = "twgold",
): Promise<RefusalCode | "replayed"> {
  return (await keepCommandMessage(database, message, command, code)) ? code : "replayed";
}

/** Whether a command message's id was recorded before. */
export async function isCommandRecorded(
  database: Database,
  broadcasterId: string,
  messageId: string,
): Promise<boolean> {
  const result = await database.query("select from command_messages where broadcaster_id = $1 and message_id = $2", [
    broadcasterId,
    messageId,
  ]);
  return result.rows.length > 0;
}

/** A command's word in chat. */
export type CommandWord = "twgold" | "twgift";

/** Keeps a command message's id with its result; false when it was kept before. */
export async function keepCommandMessage(
  db: Queryable,
  message: CommandMessage,
  command: CommandWord,
  result: string,
): Promise<boolean> {
  const inserted = await db.query({
    name: "keep-command-message",
    text: `insert into command_messages
        (broadcaster_id, message_id, twitch_user_id, command, result, sent_at, received_at)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    values: [
      message.broadcasterId,
      message.enrollmentRequestId,
      message.twitchUserId,
      command,
      result,
      new Date(message.commandedAt),
      new Date(message.receivedAt),
    ],
  });
  return inserted.rowCount === 1;
}
