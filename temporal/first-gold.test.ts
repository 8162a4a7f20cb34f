import { payoutWorkflowId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, report, startWorld, type World } from "./test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe("first gold, from a chat line to confirmed mail", () => {
  it("leaves every step readable in the API, in PostgreSQL and in the workflow's history", async () => {
    const winner = { id: "winner-1", displayName: "Winner_One" };
    const messageId = await world.say(winner, "!twgold нОРИНН");
    const token = await world.token({ role: "viewer", userId: winner.id });
    expect((await world.get("/api/pool/me", token)).body).toEqual({
      isEnrolled: true,
      characterName: "Норинн",
      identityRequired: false,
    });

    const { spinCycleId, workflowId } = await world.spin();
    const candidate = await world.desktop("GET", "/api/roulette/candidate");
    expect(candidate.body).toMatchObject({ spinCycleId, characterName: "Норинн", spinPhase: "verification" });
    expect((await world.state()).candidate).toBe("Норинн");

    const verified = await world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Норинн", true));
    expect(verified).toMatchObject({ status: 200, body: { spinCycleId, outcome: "won" } });
    const { payoutId } = verified.body;
    const pending = await world.desktop("GET", "/api/payouts/pending");
    expect(pending.body).toMatchObject([
      { id: payoutId, status: "Pending", goldAmount: 1000, enrollmentRequestId: messageId, characterName: "Норинн" },
    ]);

    const accepted = await world.desktop("POST", `/api/payouts/${payoutId}/confirm-acceptance`, {
      characterName: "НОРИНН",
    });
    expect(accepted.status).toBe(200);
    expect(accepted.body.winnerAcceptedWillingToReceiveAt).not.toBeNull();
    const synced = await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "InProgress" });
    expect(synced).toMatchObject({ status: 200, body: { status: "InProgress" } });
    const sent = await world.desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`);
    expect(sent).toMatchObject({ status: 200, body: { status: "Sent", isRewardSentAnnouncedToChat: true } });
    expect(sent.body.mailConfirmedAt).not.toBeNull();

    expect(world.twitch.chat.all().map(({ text }) => text)).toEqual([
      "Награда отправлена персонажу Норинн на почту, проверяй ящик!",
    ]);
    expect((await world.get("/api/pool/me", token)).body.isEnrolled).toBe(false);
    expect((await world.get("/api/payouts/my-last", token)).body).toMatchObject({ id: payoutId, status: "Sent" });

    const events = await world.database.query(
      "select event, status, cause from payout_events where payout_id = $1 order by event_number",
      [payoutId],
    );
    expect(events.rows).toEqual([
      { event: "created", status: "Pending", cause: "log" },
      { event: "accepted", status: "Pending", cause: "log" },
      { event: "status", status: "InProgress", cause: "desktop" },
      { event: "mail_confirmed", status: "InProgress", cause: "log" },
      { event: "status", status: "Sent", cause: "log" },
    ]);

    const payout = world.client.workflow.getHandle(payoutWorkflowId(payoutId));
    expect(await payout.result()).toEqual({ status: "Sent", announcement: "sent" });
    const history = await payout.fetchHistory();
    const updates = (history.events ?? []).flatMap(
      (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name ?? [],
    );
    expect(updates).toEqual(["accept", "changeStatus", "confirmMail"]);
    expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "won", payoutId });
    const query = `MgmCharacter = 'Норинн' and MgmStatus = 'Sent' and MgmBroadcaster = '${world.broadcasterId}'`;
    const listed = await eventually(async () => await firstListed(query));
    expect(listed.workflowId).toBe(payoutWorkflowId(payoutId));
  });
});

async function firstListed(query: string): Promise<{ workflowId: string } | null> {
  for await (const listed of world.client.workflow.list({ query })) return listed;
  return null;
}
