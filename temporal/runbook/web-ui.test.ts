import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findTemporal } from "../engines/temporal-binary.ts";
import { startTemporal, type TemporalServer } from "../engines/temporal-server.ts";
import { cloneDatabase, type TestDatabase } from "../test/engines.ts";
import { openWebUi, type WebUi } from "../test/web-ui.ts";
import { startWorld, type World } from "../test/world.ts";
import { eventuallyHolds, lastPayoutEvent, payoutOf } from "./read-model.ts";
import { type Subjects, subjectsOf } from "./subjects.ts";

/* The Web UI itself, clicked: what an operator reads there, and one repair. */

let temporal: TemporalServer;
let database: TestDatabase;
let world: World;
let subjects: Subjects;
let ui: WebUi;

beforeAll(async () => {
  database = await cloneDatabase();
  temporal = await startTemporal({
    binary: await findTemporal({ env: process.env, onProgress: () => undefined }),
    dbFile: null,
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: "default",
    log: () => undefined,
  });
  world = await startWorld({ engines: { databaseUrl: database.url, temporalAddress: temporal.address } });
  subjects = subjectsOf(world);
  ui = await openWebUi(temporal.uiUrl ?? "");
});
afterAll(async () => {
  await ui.close();
  await world.stop();
  await temporal.stop();
  await database.drop();
});

describe("the Temporal Web UI", () => {
  it("shows a payout as a row with its words, and its story on its page", async () => {
    const { id, workflowId, values } = await subjects.payout();
    await world.desktop("PATCH", `/api/payouts/${id}/status`, { status: "InProgress" });
    await eventuallyHolds(async () => {
      await ui.list("WorkflowType = 'payout' and MgmStatus = 'InProgress'");
      const row = ui.page.locator("tr", { hasText: workflowId });
      expect(await row.innerText({ timeout: 5_000 })).toMatch(
        new RegExp(`Running.*InProgress.*${values.character}.*${values.twitchUserId}.*1000.*false`, "s"),
      );
    });
    await ui.workflow(workflowId, "user-metadata");
    await eventuallyHolds(async () => {
      // Summary and details are shown in frames of their own.
      const texts = await Promise.all(ui.page.frames().map((frame) => frame.locator("body").innerText()));
      const text = texts.join("\n");
      expect(text).toContain(`1000 gold for ${values.character}`);
      expect(text).toContain(`Viewer ${values.character}`);
      expect(text).toMatch(/Pending, 1000 gold are owed.*InProgress, held by desktop/s);
      expect(text).toContain("until it expires");
    });
  }, 120_000);

  it("cancels a payout by two clicks", async () => {
    const { id, workflowId } = await subjects.payout();
    await ui.workflow(workflowId, "history");
    await ui.page.locator("button:visible", { hasText: "Request Cancellation" }).first().click();
    await ui.page.locator('[data-testid="confirm-modal-button"]:visible').click();
    await eventuallyHolds(async () => {
      expect(await payoutOf(world, id)).toMatchObject({ status: "Cancelled" });
    });
    expect(await lastPayoutEvent(world, id)).toMatchObject({ event: "status", cause: "operator" });
  });
});
