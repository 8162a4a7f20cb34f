import type { Browser, Page } from "playwright-core";

/* What the tutorial has its reader look at in a browser, by the picture that shows it. */

const PATIENCE_MS = 120_000;
const WIDE = { width: 1280, height: 860 };

/** Something to look at: opens it, does what the page says, and ends when it is to be seen. */
type Look = (page: Page, output: string) => Promise<unknown>;

/** The link behind a word that `npm start` shows. */
function linkOf(label: string, output: string): string {
  const link = new RegExp(`${label}\\s+(http://\\S+)`).exec(output)?.[1];
  if (link === undefined) throw new Error(`nothing shows a link to "${label}"`);
  return link;
}

const firstPanel = (page: Page) => page.locator("iframe").first().contentFrame();

const LOOKS: Readonly<Record<string, Look>> = {
  "tutorial-viewers-side.png": async (page, output) => {
    await page.goto(linkOf("viewers' side", output));
    await firstPanel(page).locator(".clock").waitFor();
    await page.locator("iframe").last().contentFrame().locator("h1").waitFor();
  },
  "tutorial-streamers-window.png": async (page, output) => {
    await page.goto(linkOf("streamer's window", output));
    // Most of the time nobody is owed anything; a winner says more about the window, one who has just come in.
    await page.locator("tbody").first().waitFor({ state: "hidden" });
    await page.locator("tbody").first().waitFor();
  },
  "tutorial-temporal.png": async (page, output) => {
    await page.goto(linkOf("payout [0-9a-f-]+", output));
    await page.getByText("Workflow Execution Completed").first().waitFor();
  },
  "tutorial-in-as-tinker.png": async (page, output) => {
    await page.goto(linkOf("viewers' side", output));
    const line = page.getByLabel("a line in chat").first();
    const card = firstPanel(page).locator(".cards");
    // Who is being paid is told nothing, and says it again.
    for (const end = Date.now() + PATIENCE_MS; ; ) {
      await line.fill("!twgold Tinker");
      await page.getByText("Say in chat").first().click();
      const isIn = await card
        .getByText("Tinker")
        .first()
        .waitFor({ timeout: 8_000 })
        .then(
          () => true,
          () => false,
        );
      if (isIn) return;
      if (Date.now() > end) throw new Error("the panel never says that its viewer is in as Tinker");
    }
  },
};

/** Pictures that are taken of one part of the page only. */
const PARTS: Readonly<Record<string, string>> = { "tutorial-in-as-tinker.png": ".seat" };

/** Looks at what a picture shows; takes it anew where `file` says to. */
export async function lookAt(browser: Browser, picture: string, output: string, file: string | null): Promise<void> {
  const look = LOOKS[picture];
  if (look === undefined) throw new Error(`nobody knows where to look for ${picture}`);
  const context = await browser.newContext({ viewport: WIDE, colorScheme: "light" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await look(page, output);
    const part = PARTS[picture];
    const shown = part === undefined ? page : page.locator(part).first();
    if (file !== null) await shown.screenshot({ path: file });
  } finally {
    await context.close();
  }
}
