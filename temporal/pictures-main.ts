import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { openWebUi } from "./test/web-ui.ts";

/*
 * `npm run pictures:temporal`: plays the demo in a folder of its own until there is something to see, and takes the
 * pictures of the Temporal Web UI that docs/ shows.
 */

const FOLDER = fileURLToPath(new URL("../docs/pictures/", import.meta.url));
const START = fileURLToPath(new URL("./start/main.ts", import.meta.url));
const MAX_BYTES = 200_000;
const PAYOUTS = "WorkflowType = 'payout'";
const SPINS = "WorkflowType = 'spinCycle'";
const GIFTS = "WorkflowType = 'gift'";

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const dataDir = mkdtempSync(join(tmpdir(), "mgm-pictures-"));
const demo = spawn(process.execPath, ["--import", "tsx", START], {
  env: { ...process.env, DATA_DIR: dataDir, PORT: "0", METRICS_PORT: "0" },
  stdio: ["ignore", "pipe", "pipe"],
});
// The demo's end ends this too, in good order.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => demo.kill("SIGINT"));
let told = "";
for (const stream of [demo.stdout, demo.stderr]) {
  stream.on("data", (chunk: Buffer) => {
    told += chunk.toString("utf8");
  });
}

async function until<Seen>(what: string, look: () => Promise<Seen | null> | Seen | null): Promise<Seen> {
  tell(`waiting for ${what}`);
  for (;;) {
    if (demo.exitCode !== null) throw new Error(`the demo ended:\n${told}`);
    const seen = await look();
    if (seen !== null) return seen;
    await delay(500);
  }
}

async function take(address: string, uiUrl: string): Promise<void> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const find = async (query: string): Promise<string | null> => {
    for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
    return null;
  };
  const count = async (query: string): Promise<number> => (await client.workflow.count(query)).count;
  await until("an evening's payouts", async () =>
    (await count(`${PAYOUTS} and MgmStatus = 'Sent'`)) >= 6 ? true : null,
  );
  const payout = await until("a sent payout", () => find(`${PAYOUTS} and MgmStatus = 'Sent'`));
  const gift = await until("a completed gift", () => find(`${GIFTS} and MgmStatus = 'Completed'`));
  const spin = await until("a spin that was won", () => find(`${SPINS} and MgmStatus = 'won'`));
  await connection.close();

  const ui = await openWebUi(uiUrl);
  const picture = async (name: string): Promise<void> => {
    // The page draws its bars a moment after it has its texts.
    await ui.page.waitForLoadState("networkidle").catch(() => undefined);
    await delay(1_500);
    const path = join(FOLDER, `temporal-${name}.png`);
    await ui.page.screenshot({ path });
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new Error(`${path} has ${size} bytes`);
    tell(`${path}: ${Math.round(size / 1000)} kB`);
  };
  await ui.list(PAYOUTS);
  await picture("payouts");
  await ui.list(SPINS);
  await picture("spins");
  await ui.list(GIFTS);
  await picture("gifts");
  await ui.workflow(payout, "user-metadata");
  await picture("payout");
  await ui.workflow(spin, "history");
  await picture("spin");
  await ui.workflow(gift, "user-metadata");
  await picture("gift");
  await ui.close();
}

try {
  const [, address = "", uiUrl = ""] = await until("the demo", () =>
    /Temporal: up on (\S+), Web UI at (\S+)/.exec(told),
  );
  await take(address, uiUrl);
} finally {
  demo.kill("SIGINT");
  if (demo.exitCode === null) await new Promise((done) => demo.once("close", done));
  rmSync(dataDir, { recursive: true, force: true });
}
