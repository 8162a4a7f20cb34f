import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousFindings } from "./accessibility.ts";
import { openStage, type Stage } from "./browser.ts";
import { dashboard, details, PAYOUT_ID } from "./scenes.ts";
import { type Shown, show, type ViewerState } from "./states.ts";

/* The streamer's pages: the checklist checks itself, and nothing is done without having been asked back. */

const DASHBOARD = "/api/broadcaster/dashboard";
const CANCEL = `/api/broadcaster/payouts/${PAYOUT_ID}/cancel`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

const open = (
  answers: ViewerState["answers"] = {},
  name = "live_config.html",
  user: ViewerState["user"] = { role: "broadcaster" },
) => show(stage, name, { user, answers }, { size: { width: 480, height: 900 } });
const question = ({ page }: Shown) => page.locator("dialog");
const yes = async (shown: Shown): Promise<void> => {
  await question(shown).locator("button.primary").click();
  await shown.clock.advance(500);
};
const writes = ({ api }: Shown) => api.asked.filter(({ method }) => method !== "GET");

describe("the checklist", () => {
  const standings = ({ page }: Shown) =>
    page.locator(".checks li").evaluateAll((items) => items.map((item) => item.className));

  it("is all right where everything is in place", async () => {
    const shown = await open({}, "config.html");
    expect(await standings(shown)).toEqual(["ok", "ok", "ok", "ok", "ok", "ok"]);
    await shown.close();
  });

  it("says what is missing and what to do about it, and notices when it has come", async () => {
    const lacking = dashboard({
      eventSub: { status: "revoked", since: new Date(0).toISOString() },
      missingGrants: ["broadcaster:channel:bot"],
      desktop: null,
    });
    const shown = await open({ [DASHBOARD]: lacking }, "config.html");
    expect(await standings(shown)).toEqual(["ok", "bad", "bad", "bad", "bad", "bad"]);
    expect(await shown.page.locator(".checks .bad p:visible").count()).toBe(5);
    expect(await shown.page.locator(".checks").innerText()).toContain("broadcaster:channel:bot");
    expect(await seriousFindings(shown.page)).toEqual([]);
    shown.api.answer(DASHBOARD, () => dashboard());
    await shown.clock.advance(20_000, 1_000);
    expect(await standings(shown)).toEqual(["ok", "ok", "ok", "ok", "ok", "ok"]);
    await shown.close();
  });

  it("knows a server that cannot be reached", async () => {
    const shown = await open({}, "config.html");
    shown.api.trouble("no network");
    await shown.clock.advance(20_000, 1_000);
    expect((await standings(shown))[0]).toBe("bad");
    await shown.close();
  });
});

describe("pausing", () => {
  it("is asked back, told to the server, and shown", async () => {
    const shown = await open();
    let paused = false;
    shown.api.answer("/api/broadcaster/spins", () => {
      paused = true;
      return { paused };
    });
    shown.api.answer(DASHBOARD, () => dashboard({ paused }));
    const pause = shown.page.locator(".card button.primary").first();
    const label = await pause.innerText();
    await pause.click();
    expect(await seriousFindings(shown.page)).toEqual([]);
    await question(shown).locator("button").first().click();
    expect(writes(shown)).toEqual([]);
    await pause.click();
    await yes(shown);
    expect(writes(shown)).toMatchObject([{ method: "PUT", path: "/api/broadcaster/spins", body: { paused: true } }]);
    await shown.clock.advance(4_000, 500);
    expect(await pause.innerText()).not.toBe(label);
    await shown.close();
  });
});

describe("cancelling a payout", () => {
  it("is asked back once while nothing was mailed", async () => {
    const shown = await open();
    shown.api.answer(CANCEL, () => details({ status: "Cancelled" }));
    await shown.page.locator(".row button:visible").first().click();
    await yes(shown);
    expect(writes(shown)).toMatchObject([{ method: "POST", path: CANCEL }]);
    expect(await shown.page.locator(".outcome").innerText()).toContain("Норинн");
    await shown.close();
  });

  it("is asked back twice while the mail may be on its way", async () => {
    const shown = await open({ [DASHBOARD]: dashboard({ payouts: [details({ status: "InProgress" })] }) });
    shown.api.answer(CANCEL, () => details({ status: "Cancelled" }));
    await shown.page.locator(".row button:visible").first().click();
    const first = await question(shown).locator("h2").innerText();
    await yes(shown);
    expect(writes(shown)).toEqual([]);
    expect(await question(shown).locator("h2").innerText()).not.toBe(first);
    await yes(shown);
    expect(writes(shown)).toMatchObject([{ method: "POST", path: CANCEL }]);
    await shown.close();
  });

  it("that came too late is told so", async () => {
    const shown = await open();
    shown.api.refuse(CANCEL, { status: 409, code: "terminal_status_change_not_allowed" });
    await shown.page.locator(".row button:visible").first().click();
    await yes(shown);
    expect(await shown.page.locator(".outcome.bad").innerText()).not.toBe("");
    await shown.close();
  });

  it("is for the channel's owner alone", async () => {
    const shown = await open({}, "live_config.html", { role: "moderator", userId: "1" });
    expect(await shown.page.locator(".row button:visible").count()).toBe(0);
    await shown.close();
  });
});

describe("taking somebody out of the pool", () => {
  const take = async (shown: Shown, typed: string): Promise<void> => {
    await shown.page.locator("#who").fill(typed);
    await shown.page.locator(".removal button").click();
  };

  it("takes a user number as it is, after being asked back", async () => {
    const shown = await open();
    shown.api.answer("/api/broadcaster/pool/810000009", () => null);
    await take(shown, " 810000009 ");
    await yes(shown);
    expect(writes(shown)).toMatchObject([{ method: "DELETE", path: "/api/broadcaster/pool/810000009" }]);
    await shown.close();
  });

  it("finds a name as it stands in chat with the helper's token, and says when Twitch knows nobody of it", async () => {
    const shown = await open();
    const asked: string[] = [];
    await shown.page.route("https://api.twitch.tv/helix/users**", async (route) => {
      const login = new URL(route.request().url()).searchParams.get("login") ?? "";
      const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*, Authorization" };
      if (route.request().method() === "OPTIONS") return route.fulfill({ status: 204, headers: cors });
      asked.push(`${login} ${route.request().headers().authorization}`);
      const data = login === "squatter" ? [{ id: "42", display_name: "Squatter" }] : [];
      return route.fulfill({ headers: cors, json: { data } });
    });
    shown.api.answer("/api/broadcaster/pool/42", () => null);
    await take(shown, "nobody");
    await expect.poll(() => shown.page.locator(".outcome.bad").innerText()).not.toBe("");
    await take(shown, "@Squatter");
    await question(shown).locator("button.primary:visible").waitFor();
    await yes(shown);
    expect(asked).toEqual(["nobody Extension helix-token", "squatter Extension helix-token"]);
    expect(writes(shown)).toMatchObject([{ method: "DELETE", path: "/api/broadcaster/pool/42" }]);
    await shown.close();
  });
});
