import { randomUUID } from "node:crypto";
import { badges } from "@mgm/simulator/twitch/viewers";
import { payoutWorkflowId, spinScheduleId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "./engines/free-port.ts";
import { type Balancer, startBalancer } from "./test/balancer.ts";
import { engines } from "./test/engines.ts";
import { FROSTWEAVE } from "./test/gifts.ts";
import { deleteSchedules, startProcess, type TestProcess } from "./test/process.ts";
import { grantSubscriptions, twitchSettings } from "./test/twitch-grant.ts";
import { type Answer, eventually, randomName, report, startWorld, type World } from "./test/world.ts";

/*
 * Two API and two worker processes before one PostgreSQL and one Temporal, real programs that know nothing of each
 * other, behind one address. The schedule spins as in production, only faster. Everything that must happen once happens
 * once, and what one of two does not finish because it is killed, the other one does.
 */

const TIMINGS = { intervalMs: 8_000, wheelMs: 100, graceMs: 6_000, slackMs: 500, resultMs: 200 };

interface Program {
  readonly process: TestProcess;
  readonly port: number;
}

let balancer: Balancer;
let world: World;
const apis: Program[] = [];
const workers: TestProcess[] = [];

beforeAll(async () => {
  balancer = await startBalancer();
  world = await startWorld({
    worker: false,
    apiUrl: balancer.url,
    timings: TIMINGS,
    settings: {
      ...twitchSettings(),
      TWITCH_EXTENSION_CLIENT_ID: "our-extension",
      PUBLIC_URL: balancer.url,
      LIMIT_READS: "60",
    },
  });
  await grantSubscriptions(world);
  await Promise.all([startApi(), startApi()]);
  for (let i = 0; i < 2; i++) startWorker();
  await eventually(async () => {
    const response = await fetch(`${balancer.url}/readyz`).catch(unreachable);
    const ready = (await response?.json()) as { worker?: string; eventSub?: string } | undefined;
    return ready?.worker === "ok" && ready.eventSub === "ok";
  });
});
afterAll(async () => {
  await Promise.all([...apis.map((api) => api.process.kill()), ...workers.map((worker) => worker.kill())]);
  await deleteSchedules(world);
  await world.stop();
  await balancer.stop();
});

async function startApi(): Promise<void> {
  const [port = 0] = await freePorts(1);
  const process = startProcess("api/main.ts", { ...world.environment, PORT: String(port) });
  apis.push({ process, port });
  balancer.add(port);
  await eventually(() => fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null));
}

function startWorker(): void {
  const settings = { ...world.environment, WORKFLOW_BUNDLE: engines().bundleFile };
  workers.push(startProcess("temporal/worker-main.ts", settings));
}

/** Nobody answered, or the one who was asked died: a client asks again. */
function unreachable(error: unknown): null {
  if (error instanceof TypeError) return null;
  throw error;
}

/** Asks as clients do: again, until there is an answer that is final. */
async function untilAnswered(ask: () => Promise<Answer>): Promise<Answer> {
  return await eventually(async () => {
    const answer = await ask().catch(unreachable);
    return answer !== null && answer.status !== 503 && answer;
  });
}

async function untilTaken(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await untilAnswered(ask);
  if (answer.status >= 300) throw new Error(`answered ${answer.status} ${answer.body?.code}`);
  return answer;
}

const commands: string[] = [];
let repeats = 0;

/** A subscriber types a line; Twitch sends it until it is answered 2xx. */
async function say(viewerId: string, text: string): Promise<void> {
  world.twitch.people.subscribe(viewerId);
  const chatter = { id: viewerId, login: viewerId, displayName: viewerId };
  const messageId = randomUUID();
  const message = world.chat.chatMessage({ chatter, text, badges: [badges.subscriber(1)], messageId });
  await eventually(async () => {
    const isTaken = (await world.chat.send(message).catch(unreachable))?.status === 200;
    if (!isTaken) repeats += 1;
    return isTaken;
  });
  commands.push(messageId);
}

const TALKERS = 8;

/** Subscribers who type one line after the other until they are told to stop. */
function startCrowd(name: string): { stop(): Promise<void> } {
  let isOver = false;
  const talk = async (_: unknown, talker: number): Promise<void> => {
    for (let line = 0; !isOver; line++) await say(`${name}-${talker}-${line}`, `!twgold ${randomName()}`);
  };
  const all = Promise.all(Array.from({ length: TALKERS }, talk));
  return {
    async stop() {
      isOver = true;
      await all;
    },
  };
}

/** Kills an API that has taken a line of every talker and answered none of them. */
async function killInMidSentence({ process, port }: Program): Promise<void> {
  process.child.kill("SIGSTOP");
  await eventually(async () => balancer.underWay(port) >= TALKERS);
  await process.kill();
  balancer.remove(port);
}

/** Kills the worker that tells the chat of a payout, while Twitch does not answer it. */
async function killAnnouncer(payoutId: string): Promise<void> {
  const announcer = await eventually(async () => {
    const { raw } = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).describe();
    const pid = Number(raw.pendingActivities?.[0]?.lastWorkerIdentity?.split("@")[0]);
    const isAsked = world.twitch.faults.pending("chat") === 0;
    return isAsked && workers.find(({ child }) => child.pid === pid);
  });
  await announcer.kill();
  const [claim] = await rowsOf(`select state from announcement_claims where payout_id = '${payoutId}'`);
  expect(claim.state).toBe("sending");
}

const pathOf = (payoutId: string) => `/api/payouts/${payoutId}`;

/** What the desktop does for the next candidate who is not yet known: sees them online, and mails. */
async function playWinner(whileTold: (payoutId: string) => Promise<void> = async () => undefined): Promise<string> {
  const seen = await eventually(async () => {
    const answer = await world.desktop("GET", "/api/roulette/candidate").catch(unreachable);
    return answer?.status === 200 && answer.body.spinPhase !== "completed" && answer.body;
  });
  const { spinCycleId, characterName } = seen;
  const verified = await untilAnswered(() =>
    world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, characterName, true)),
  );
  if (verified.status !== 200) return await playWinner(whileTold);
  const { payoutId } = verified.body;
  const path = pathOf(payoutId);
  await untilTaken(() => world.desktop("POST", `${path}/confirm-acceptance`, { characterName }));
  await untilTaken(() => world.desktop("PATCH", `${path}/status`, { status: "InProgress" }));
  const [sent] = await Promise.all([
    untilTaken(() => world.desktop("POST", `${path}/confirm-mail-sent`)),
    whileTold(payoutId),
  ]);
  expect(sent.body.status).toBe("Sent");
  return payoutId;
}

const pushed = () => world.twitch.pubSub.all().map(({ message }) => JSON.parse(message).stateVersion as number);
const rowsOf = async (statement: string) => (await world.database.query(statement)).rows;

describe("two of each", () => {
  it("share the work: chat, claims and reads come through either, and one subscription to chat stands", async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => say(`early-${i}`, `!twgold ${randomName()}`)));
    expect((await world.state()).poolParticipantCount).toBe(40);
    for (const { port } of apis) expect(balancer.answered.get(port)).toBeGreaterThan(0);
    const callbacks = world.twitch.subscriptions.list().filter(({ status }) => status === "enabled");
    expect(callbacks).toHaveLength(1);
  });

  it("pay a winner from chat to the announcement", async () => {
    const payoutId = await playWinner();
    await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
    const [payout] = await rowsOf("select character_name from payouts");
    expect(world.twitch.chat.all().map(({ text }) => text.includes(payout.character_name))).toEqual([true]);
  });

  it("count a viewer's writes together, exactly, and their reads together within an exchange", async () => {
    const token = await world.token({ role: "viewer", userId: "eager" });
    const claim = () => {
      const body = { characterName: "Zugzug", enrollmentRequestId: randomUUID() };
      return world.post("/api/payouts/claim", body, token);
    };
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await claim()).status));
    expect(statuses.filter((status) => status !== 429)).toHaveLength(5);

    const [one, other] = apis.map(({ port }) => `http://127.0.0.1:${port}/api/pool/me`) as [string, string];
    const read = async (url: string, userId: string) => {
      const headers = { Authorization: `Bearer ${await world.token({ role: "viewer", userId })}` };
      return (await fetch(url, { headers })).status;
    };
    for (let i = 0; i < 60; i++) expect(await read(one, "reader")).toBe(200);
    // Whoever tells of its own hears what the other has told by then.
    for (const url of [one, other]) {
      const witness = randomUUID();
      expect(await read(url, witness)).toBe(200);
      const told = `select from exchanged_requests where ages_ms::text like '%${witness}%'`;
      await eventually(async () => (await rowsOf(told)).length > 0);
    }
    let own = 0;
    await eventually(async () => {
      own += 1;
      return (await read(other, "reader")) === 429;
    });
    expect(own).toBeLessThan(60);
  });

  it("trade an ended token of the broadcaster's in once, whoever of them needs it", async () => {
    // Each API takes a token of the application's own first, which would be counted with the broadcaster's.
    for (const { port } of apis) {
      const token = await world.token({ role: "viewer", userId: `first-at-${port}` });
      world.twitch.people.subscribe(`first-at-${port}`);
      const claimed = await fetch(`http://127.0.0.1:${port}/api/payouts/claim`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ characterName: randomName(), enrollmentRequestId: randomUUID() }),
      });
      expect(claimed.status).toBe(201);
    }
    const [before] = await rowsOf("select version from twitch_grants");
    const tokensTaken = world.twitch.faults.requestCount("token");
    await world.database.query("update twitch_grants set expires_at = now() - interval '1 hour'");
    const viewers = Array.from({ length: 8 }, (_, i) => `claimant-${i}`);
    for (const viewer of viewers) world.twitch.people.subscribe(viewer);
    // Claims are judged by the API processes, the wish by a worker.
    await Promise.all([
      ...viewers.map(async (userId) => {
        const token = await world.token({ role: "viewer", userId });
        const body = { characterName: randomName(), enrollmentRequestId: randomUUID() };
        expect((await untilAnswered(() => world.post("/api/payouts/claim", body, token))).status).toBe(201);
      }),
      say("wisher", `!twgift ${randomName()}`),
    ]);
    // Twitch takes a refresh token once.
    expect(world.twitch.faults.requestCount("token") - tokensTaken).toBe(1);
    expect(await rowsOf("select version, refresh_failures, ended_at from twitch_grants")).toEqual([
      { version: before.version + 1, refresh_failures: 0, ended_at: null },
    ]);
  });

  it("go on when one of each is killed in the middle of chat, a gift and an announcement, which is told at most once", async () => {
    const [gift] = await eventually(async () => {
      const rows = await rowsOf("select gift_request_id, state from gift_requests where twitch_user_id = 'wisher'");
      return rows[0]?.state === "SelectingItem" && rows;
    });
    const giftPath = `/api/gift-requests/${gift.gift_request_id}`;
    await untilTaken(() => world.desktop("POST", `${giftPath}/select-item`, { item: FROSTWEAVE }));
    const publisher = (await rowsOf("select publisher_token from publications"))[0].publisher_token;
    // Twitch posts the one and does not say so, and never hears of the other.
    const faults = [{ kind: "hang", effect: true }, { kind: "hang" }] as const;
    for (const [i, fault] of faults.entries()) {
      const asked = world.twitch.faults.requestCount("chat");
      const repeated = repeats;
      world.twitch.faults.add("chat", fault);
      const payoutId = await playWinner(async (payoutId) => {
        const crowd = startCrowd(`crowd-${i}`);
        await killAnnouncer(payoutId);
        await killInMidSentence(apis[i] as Program);
        await crowd.stop();
      });
      expect(repeats).toBeGreaterThan(repeated);
      const end = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
      expect(end).toEqual({ status: "Sent", announcement: "unknown" });
      expect(world.twitch.faults.requestCount("chat")).toBe(asked + 1);
      const [payout] = await rowsOf(`select character_name from payouts where payout_id = '${payoutId}'`);
      const lines = world.twitch.chat.all().filter(({ text }) => text.includes(payout.character_name));
      expect(lines).toHaveLength("effect" in fault ? 1 : 0);
      // Others take their place, and the survivors are killed in turn.
      await startApi();
      startWorker();
    }
    await untilTaken(() => world.desktop("POST", `${giftPath}/confirm`, { confirmed: true }));
    await untilTaken(() => world.desktop("POST", `${giftPath}/sent`));
    // Whoever published is dead: another one does, and takes the next version.
    const versions = pushed().length;
    await eventually(async () => pushed().length > versions);
    expect((await rowsOf("select publisher_token from publications"))[0].publisher_token).not.toBe(publisher);
  }, 240_000);

  it("have lost nothing and done nothing twice", async () => {
    const kept = await rowsOf("select message_id from command_messages");
    expect(kept.map(({ message_id: id }) => id).sort()).toEqual([...commands].sort());
    const payouts = await rowsOf(
      `select payout_id, character_name, status, state as announced,
              (select count(*)::int from payout_events event
                where event.payout_id = payouts.payout_id and event.status = 'Sent' and event.event = 'status') as sent
         from payouts left join announcement_claims using (payout_id) where status = 'Sent'`,
    );
    expect(payouts.length).toBeGreaterThanOrEqual(3);
    for (const { character_name: name, announced, sent } of payouts) {
      expect(sent).toBe(1);
      const lines = world.twitch.chat.all().filter(({ text }) => text.includes(name)).length;
      expect(lines).toBeLessThanOrEqual(1);
      if (announced === "sent") expect(lines).toBe(1);
    }
    expect(await rowsOf("select state from gift_requests")).toEqual([{ state: "Completed" }]);
    expect((await rowsOf("select from gift_use")).length).toBe(1);

    const versions = pushed();
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));

    // One workflow for every boundary since the first, and none beside.
    const { recentActions, numActionsSkippedOverlap } = (
      await world.client.schedule.getHandle(spinScheduleId(world.broadcasterId)).describe()
    ).info as unknown as { recentActions: { scheduledAt: Date }[]; numActionsSkippedOverlap: number };
    expect(numActionsSkippedOverlap ?? 0).toBe(0);
    const boundaries = recentActions.map(({ scheduledAt }) => scheduledAt.getTime()).sort((a, b) => a - b);
    expect(boundaries.length).toBeGreaterThanOrEqual(3);
    for (const [i, boundary] of boundaries.entries()) {
      expect(boundary % TIMINGS.intervalMs).toBe(0);
      if (i > 0) expect(boundary - (boundaries[i - 1] ?? 0)).toBe(TIMINGS.intervalMs);
    }
    // And a row for every one of them, drawn or missed, up to the newest.
    const { intervalMs } = TIMINGS;
    const newest = Math.floor(Date.now() / intervalMs) * intervalMs;
    const drawn = await eventually(async () => {
      const cycles = await rowsOf("select boundary_at from spin_cycles order by boundary_at");
      const all: number[] = cycles.map(({ boundary_at: at }) => at.getTime());
      return all.includes(newest) && all.filter((at) => at <= newest);
    });
    const first = drawn[0] ?? Number.NaN;
    expect(drawn).toEqual(Array.from({ length: (newest - first) / intervalMs + 1 }, (_, i) => first + i * intervalMs));
  });
});
