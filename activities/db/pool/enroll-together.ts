import { type Database, type Queryable, sqlState, transact } from "../database.ts";
import { type ChatEnrolment, type ChatEnrolmentResult, enrollByChat, judge } from "./enroll-by-chat.ts";
import { lockViewers } from "./lock-viewer.ts";
import { putPoolEntries } from "./put-entry.ts";
import { readEnrolmentStandings } from "./standing.ts";

/**
 * Enrols several viewers, each as `enrollByChat` does it, with one commit for all: after a word of the streamer's
 * hundreds join within a second. Viewers, names and messages must be different ones. What makes one of them fail is
 * that one's alone: they are then enrolled one by one.
 */
export async function enrollTogether(
  database: Database,
  enrolments: readonly ChatEnrolment[],
): Promise<PromiseSettledResult<ChatEnrolmentResult>[]> {
  if (enrolments.length > 1) {
    try {
      const results = await transact(database, (client) => enrollAll(client, enrolments));
      return results.map((value) => ({ status: "fulfilled", value }));
    } catch (error) {
      // Without PostgreSQL it would be no better one by one, only later.
      if (sqlState(error) === null && !(error instanceof Overtaken)) throw error;
    }
  }
  return await Promise.allSettled(enrolments.map((enrolment) => enrollByChat(database, enrolment)));
}

/** A message was recorded between our look and our write. */
class Overtaken extends Error {}

async function enrollAll(client: Queryable, enrolments: readonly ChatEnrolment[]): Promise<ChatEnrolmentResult[]> {
  await lockViewers(client, enrolments);
  const standings = await readEnrolmentStandings(client, enrolments);
  const judged = standings.map((standing, place) => {
    const enrolment = enrolments[place] as ChatEnrolment;
    return { enrolment, result: standing.isRecorded ? ("replayed" as const) : judge(standing, enrolment) };
  });
  await putPoolEntries(
    client,
    judged.filter(({ result }) => result === "enrolled").map(({ enrolment }) => enrolment),
  );
  const fresh = judged.filter(({ result }) => result !== "replayed");
  if ((await keepMessages(client, fresh)) !== fresh.length) throw new Overtaken();
  return judged.map(({ result }) => result);
}

async function keepMessages(
  client: Queryable,
  judged: readonly { readonly enrolment: ChatEnrolment; readonly result: string }[],
): Promise<number> {
  const { rowCount } = await client.query({
    name: "keep-command-messages",
    text: `insert into command_messages
        (broadcaster_id, message_id, twitch_user_id, command, result, sent_at, received_at)
      select broadcaster, message, viewer, 'twgold', result, sent, received
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
             as kept (broadcaster, message, viewer, result, sent, received)
      on conflict do nothing`,
    values: [
      judged.map(({ enrolment }) => enrolment.broadcasterId),
      judged.map(({ enrolment }) => enrolment.enrollmentRequestId),
      judged.map(({ enrolment }) => enrolment.twitchUserId),
      judged.map(({ result }) => result),
      judged.map(({ enrolment }) => new Date(enrolment.commandedAt)),
      judged.map(({ enrolment }) => new Date(enrolment.receivedAt)),
    ],
  });
  return rowCount ?? 0;
}
