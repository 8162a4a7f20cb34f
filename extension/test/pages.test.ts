import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousFindings } from "./accessibility.ts";
import { openStage, type Stage } from "./browser.ts";
import { show, VIEWER_STATES } from "./states.ts";

/* Every page and every state in a real browser, served as Twitch serves them. */

const PAGES = ["panel.html", "mobile.html", "video_overlay.html", "config.html", "live_config.html"];
const LOOKS = (["en", "ru"] as const).flatMap((language) =>
  (["light", "dark"] as const).map((theme) => ({ language, theme })),
);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

describe.each(PAGES)("%s", (name) => {
  it("breaks no policy, complains of nothing, and can be used by all, in both languages and themes", async () => {
    const { page, faults, say, close } = await show(stage, name, {}, { language: "ru" });
    for (const context of LOOKS) {
      await say({ rig: "context", context });
      await expect.poll(() => page.locator("html").getAttribute("lang")).toBe(context.language);
      expect({ context, found: await seriousFindings(page) }).toEqual({ context, found: [] });
    }
    expect(faults).toEqual([]);
    await close();
  });
});

describe("the panel never scrolls, and can be used by all", () => {
  it.each(Object.entries(VIEWER_STATES))("%s", async (_, state) => {
    const { page, faults, say, close } = await show(stage, "panel.html", state);
    for (const context of [LOOKS[0], LOOKS[3]]) {
      await say({ rig: "context", context });
      await expect.poll(() => page.locator("html").getAttribute("lang")).toBe(context?.language);
      const sizes = await page.evaluate(() => {
        const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
        const foot = document.querySelector(".foot")?.getBoundingClientRect().bottom ?? 0;
        const headline = document.querySelector(".headline");
        const isHeadlineWhole = (headline?.scrollHeight ?? 0) <= (headline?.clientHeight ?? 0);
        const [over, wide] = [scrollHeight - clientHeight, scrollWidth - clientWidth];
        return { over, wide, isHeadlineWhole, isFootSeen: foot <= clientHeight };
      });
      expect({ context, sizes }).toEqual({
        context,
        sizes: { over: 0, wide: 0, isHeadlineWhole: true, isFootSeen: true },
      });
      expect({ context, found: await seriousFindings(page) }).toEqual({ context, found: [] });
    }
    if (state.trouble === undefined) expect(faults).toEqual([]);
    await close();
  });
});

describe("by keyboard", () => {
  const focused = "document.activeElement?.textContent?.trim()";

  it("everything on the panel is reached in the order in which it stands, and seen to be", async () => {
    const { page, close } = await show(stage, "panel.html", VIEWER_STATES.won);
    const seen: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(focused));
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    }
    const shown = await page.locator("button:visible").allTextContents();
    expect(seen).toEqual(shown.map((text) => text.trim()));
    await page.keyboard.press("Enter");
    expect(await page.locator("dialog").evaluate((dialog) => (dialog as HTMLDialogElement).open)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").evaluate((dialog) => (dialog as HTMLDialogElement).open)).toBe(false);
    await close();
  });

  it("the phrase is copied", async () => {
    const { page, close } = await show(stage, "panel.html", VIEWER_STATES.won);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("!twgold");
    await close();
  });
});

describe("where nothing can work", () => {
  it.each(["panel.html", "config.html"])(
    "%s says that it knows no server, or that it is not on Twitch",
    async (name) => {
      const titleOf = async (apiUrl: string, isBare: boolean): Promise<string> => {
        const { page, faults, close } = await stage.open(name, apiUrl, { isBare });
        await page.locator("main:not([x-cloak])").waitFor({ state: "attached" });
        const title = await page.locator(".card.bad h2:visible").textContent();
        expect(faults).toEqual([]);
        await close();
        return title ?? "";
      };
      const noApi = await titleOf("", false);
      const noTwitch = await titleOf("http://api.example.test", true);
      expect(noApi).not.toBe("");
      expect(noTwitch).not.toBe("");
      expect(noApi).not.toBe(noTwitch);
    },
  );
});
