import { type Browser, chromium, type Page } from "playwright-core";
import { pageColumnsScript } from "../runbook/page.ts";

/** Temporal's Web UI in a real browser. */
export interface WebUi {
  readonly page: Page;
  /** Opens the list of workflows that a query finds, with the runbook's columns. */
  list(query: string): Promise<void>;
  /** Opens a tab of a workflow's page. */
  workflow(workflowId: string, tab: "history" | "user-metadata"): Promise<void>;
  close(): Promise<void>;
}

/** Opens the Web UI at an address as an operator has it who followed the runbook. */
export async function openWebUi(uiUrl: string, size = { width: 1280, height: 800 }): Promise<WebUi> {
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const workflows = `${uiUrl}/namespaces/default/workflows`;
  await page.goto(workflows);
  await page.evaluate(pageColumnsScript());
  return {
    page,
    async list(query) {
      await page.goto(`${workflows}?query=${encodeURIComponent(query)}`);
      await page.locator("table tbody tr:visible").first().waitFor();
    },
    async workflow(workflowId, tab) {
      await page.goto(`${workflows}/${workflowId}`);
      const metadata = page.getByText("User Metadata", { exact: true });
      await metadata.waitFor();
      if (tab === "history") return;
      await metadata.click();
      await page.getByText("Current Details").waitFor();
    },
    close: () => browser.close(),
  };
}

function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
  });
}
