import { randomInt, randomUUID } from "node:crypto";
import { eventSubSender } from "@mgm/simulator/twitch/eventsub";
import { signedRequest } from "@mgm/simulator/twitch/eventsub-message";
import { extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { crowdMember, type Viewer } from "@mgm/simulator/twitch/viewers";
import type { Requests } from "./plan.ts";

/** A request, ready to be sent. */
export interface Request {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const PATH = "/api/twitch/eventsub";

/** Something that gives a connection, told by its number, another request whenever it is asked. */
export type RequestSource = (connection: number) => Request;

/** Makes ready what can be made beforehand, so that the load costs as little as possible while it runs. */
export async function requestSource(requests: Requests): Promise<RequestSource> {
  switch (requests.kind) {
    case "state":
      return await stateRequests(requests);
    case "enrolments":
      return enrolments(requests);
    case "chatter":
      return chatter(requests);
    case "updates":
      return updates(requests);
  }
}

/** As long as a page has one before Twitch gives it the next. */
const TOKEN_SECONDS = 3_600;

async function stateRequests(plan: Extract<Requests, { kind: "state" }>): Promise<RequestSource> {
  const claims = { exp: plan.since + TOKEN_SECONDS };
  const made = await Promise.all(
    Array.from({ length: plan.viewers }, async (_, index): Promise<Request> => {
      const user = { role: "viewer", userId: `${plan.since}-${index}` } as const;
      const token = await extensionJwt(user, { secret: plan.secret, channelId: plan.channelId, claims });
      return { method: "GET", path: "/api/roulette/state", headers: { Authorization: `Bearer ${token}` } };
    }),
  );
  return inTurn(made);
}

/** Past everybody whom a bench puts into a pool by itself, in as many letters as a name may have. */
const STRANGERS = [1_000_000, 2 ** 47] as const;

function enrolments(plan: Extract<Requests, { kind: "enrolments" }>): RequestSource {
  const line = chatLines(plan);
  const make = (): Request => {
    // Anybody, as pgbench's viewers are: keys that only grow are cheaper to index.
    const viewer = crowdMember(randomInt(...STRANGERS));
    return line(viewer, `!twgold ${viewer.character}`);
  };
  const made = Array.from({ length: plan.made }, make);
  return () => made.pop() ?? make();
}

const SMALL_TALK = ["gl all", "LUL", "что за сервер?", "that was close", "first time here, hi", "POGGERS", "!uptime"];
/** As many as a chat has in a minute; the API keeps nothing of them, so they may come round again. */
const LINES = 2_000;

function chatter(plan: Extract<Requests, { kind: "chatter" }>): RequestSource {
  const line = chatLines(plan);
  const said = (index: number) => line(crowdMember(index), SMALL_TALK[index % SMALL_TALK.length] ?? "hi");
  return inTurn(Array.from({ length: LINES }, (_, index) => said(index)));
}

function updates({ desktopKey, payoutIds }: Extract<Requests, { kind: "updates" }>): RequestSource {
  const headers = { "X-MGM-ApiKey": desktopKey, "Content-Type": "application/json" };
  const turns = payoutIds.map(() => 0);
  return (connection) => {
    const turn = turns[connection] ?? 0;
    turns[connection] = turn + 1;
    const body = JSON.stringify({ status: turn % 2 === 0 ? "InProgress" : "Pending" });
    return { method: "PATCH", path: `/api/payouts/${payoutIds[connection]}/status`, headers, body };
  };
}

/** A chat line as Twitch delivers it. */
function chatLines({ secret, channelId }: { secret: string; channelId: string }) {
  const sender = eventSubSender({
    callbackUrl: PATH,
    secret,
    broadcasterId: channelId,
    botUserId: "bot",
    newId: randomUUID,
  });
  return (chatter: Viewer, text: string): Request => {
    const signed = signedRequest(sender.chatMessage({ chatter, text }), secret);
    return { method: "POST", path: PATH, headers: signed.headers, body: String(signed.body) };
  };
}

function inTurn(made: readonly Request[]): RequestSource {
  let next = 0;
  return () => {
    const request = made[next++ % made.length];
    if (request === undefined) throw new Error("nothing to send");
    return request;
  };
}
