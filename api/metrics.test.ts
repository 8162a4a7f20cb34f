import type { RunningApi } from "@mgm/api/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../temporal/test/world.ts";

let world: World;
let api: RunningApi;
beforeAll(async () => {
  world = await startWorld({ worker: false });
  api = await world.startApi();
});
afterAll(() => world.stop());

const metrics = async (path = "/metrics", method = "GET") => {
  const response = await fetch(`http://127.0.0.1:${api.metricsPort}${path}`, { method });
  return { status: response.status, text: await response.text() };
};
const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${api.port}${path}`, init);

/** The value of the first sample whose line begins so. */
async function sample(beginning: string, text?: string): Promise<number> {
  const line = (text ?? (await metrics()).text).split("\n").find((one) => one.startsWith(beginning));
  return Number(line?.split(" ").at(-1) ?? 0);
}

describe("metrics", () => {
  it("count requests by declared route, method and status, and refusals by code", async () => {
    await ask("/api/version");
    await ask("/api/payouts/00000000-0000-4000-8000-000000000000/status", { method: "PATCH" });
    await ask("/api/payouts/pending?x=1");
    const count = (labels: string) => sample(`mgm_http_request_duration_seconds_count{${labels}}`);
    expect(await count('route="getVersion",method="GET",status="200"')).toBe(1);
    expect(await count('route="patchPayoutStatus",method="PATCH",status="403"')).toBe(1);
    expect(await sample('mgm_http_refusals_total{code="forbidden_apikey"}')).toBe(2);
  });

  it("count wishes to enrol and for gifts by source and by what became of them", async () => {
    const viewer = { id: "viewer", displayName: "Viewer" };
    await world.say(viewer, "!twgold Norinn");
    await world.say(viewer, "!twgold R2D2");
    await world.say(viewer, "no command");
    const token = await world.token({ role: "viewer", userId: "other" });
    const claim = { characterName: "Norinn", enrollmentRequestId: "first" };
    await world.post("/api/payouts/claim", claim, token);
    await world.post("/api/payouts/claim", { ...claim, characterName: "Dorinn" }, token);
    await world.post("/api/payouts/claim", { ...claim, characterName: "Dorinn" }, token);
    await world.say(viewer, "!twgift Norinn");
    const text = await (await fetch(world.metricsUrl)).text();
    const enrolled = (source: string, result: string) =>
      sample(`mgm_enrolments_total{source="${source}",result="${result}"}`, text);
    expect(await enrolled("chat", "enrolled")).toBe(1);
    expect(await enrolled("chat", "invalid_character_name")).toBe(1);
    expect(await enrolled("http", "character_name_taken_in_pool")).toBe(1);
    expect(await enrolled("http", "enrolled")).toBe(1);
    expect(await enrolled("http", "replayed")).toBe(1);
    expect(await sample('mgm_gift_requests_total{source="chat",result="requested"}', text)).toBe(1);
    expect(text).not.toMatch(/Norinn|"other"|"viewer"/);
  });

  it("tell which parts are there, and of schedules that are missing", async () => {
    expect(await sample("mgm_ready ")).toBe(1);
    expect(await sample('mgm_part_up{part="postgres"}')).toBe(1);
    expect((await metrics()).text).toMatch(/^mgm_part_up\{part="worker"\} 0$/m);
    expect(await sample('mgm_eventsub_status{status="simulated"}')).toBe(1);
    expect((await metrics()).text).toMatch(/^mgm_schedule_active\{schedule="spin"\} 0$/m);
    expect(await sample("mgm_database_connections_max ")).toBe(32);
  });

  it("do not grow with what strangers make up", async () => {
    await ask("/nowhere/1", { method: "PROPFIND" });
    await ask("/nowhere/2", { method: "DELETE" });
    const { text } = await metrics();
    expect(text).not.toContain("nowhere");
    expect(text).not.toContain("PROPFIND");
    expect(await sample('mgm_http_request_duration_seconds_count{route="none",method="any",status="404"}')).toBe(2);
  });

  it("tell how late the event loop is", async () => {
    expect((await metrics()).text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  it("have a port of their own and nothing else there", async () => {
    expect((await ask("/metrics")).status).toBe(404);
    expect((await metrics("/api/version")).status).toBe(404);
    expect((await metrics("//")).status).toBe(404);
    expect((await metrics("/metrics", "POST")).status).toBe(404);
  });

  it("are done without where their port is taken", async () => {
    const other = await world.startApi({ METRICS_PORT: String(api.metricsPort) });
    expect(other.metricsPort).toBeNull();
    expect((await fetch(`http://127.0.0.1:${other.port}/healthz`)).status).toBe(200);
  });
});
