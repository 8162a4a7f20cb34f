import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Finding, tell } from "./measure/report.ts";

/*
 * `npm run bench`: every program of `bench/` that has a goal, one after the other, and a table of what they found, in
 * docs/explanation/figures.md. A goal that is missed stands in the table as missed; so does a program that failed.
 * `npm run bench -- state draw` runs those alone and leaves the table as it is.
 */

const PROGRAMS = [
  { name: "state", script: "state.ts" },
  { name: "enrolments", script: "enrolments.ts" },
  { name: "chat-lines", script: "chat-lines.ts" },
  { name: "report-to-payout", script: "report-to-payout.ts" },
  { name: "log-to-state", script: "log-to-state.ts" },
  { name: "pool-growth", script: "pool-growth.ts" },
  { name: "payout-updates", script: "payout-updates.ts" },
  { name: "first-gold", script: "first-gold.ts" },
  { name: "panel-size", script: "panel-size.ts" },
  { name: "bridge-idle", script: "bridge-idle.ts" },
  { name: "forged-lines", script: "forged-lines.ts" },
  { name: "growth", script: "growth.ts" },
] as const;

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TABLE = fileURLToPath(new URL("../docs/explanation/figures.md", import.meta.url));
const BEGIN = "<!-- written by npm run bench -->";
const END = "<!-- until here -->";

type Printed = Finding & { readonly machine: Readonly<Record<string, unknown>>; readonly at: string };

const { positionals } = parseArgs({ allowPositionals: true });
const wanted = PROGRAMS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const found: Printed[] = [];
const failed: string[] = [];
for (const { name, script } of wanted) {
  tell(`\n${name}`);
  const child = spawn(process.execPath, ["--import", "tsx", `${HERE}${script}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  process.stdout.write(printed);
  found.push(...printed.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Printed] : [])));
  if (code !== 0) failed.push(name);
}
if (positionals.length === 0) await writeTable();
const missed = found.filter(({ isReached }) => isReached === false).map(({ bench }) => bench);
if (missed.length > 0) tell(`missed: ${missed.join(", ")}`);
if (failed.length > 0) tell(`failed: ${failed.join(", ")}`);
process.exitCode = missed.length + failed.length > 0 ? 1 : 0;

async function writeTable(): Promise<void> {
  const [first] = found;
  const { processor, cores, memoryGiB, node } = first?.machine ?? {};
  const rows = found.map(({ bench, goal, figure, baseline, ratio, spread, isReached }) => {
    const compared = ratio === null ? "" : `${ratio} (${spread?.join(" to ")})`;
    const verdict = isReached === null ? "" : isReached ? "reached" : "**missed**";
    const cells = [
      bench,
      goal ?? "to be known",
      compared,
      verdict,
      code(figure),
      baseline === null ? "" : code(baseline),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const table = [
    `Of ${(first?.at ?? "").slice(0, 10)}, on ${cores} cores (${processor}), ${memoryGiB} GiB, Node.js ${node}.`,
    "",
    "| bench | goal | ratio, median (spread) | | figure | baseline |",
    "|---|---|---|---|---|---|",
    ...rows,
    ...failed.map((name) => `| ${name} | | | **failed** | | |`),
  ].join("\n");
  const page = await readFile(TABLE, "utf8");
  const [before] = page.split(BEGIN);
  const [, after] = page.split(END);
  if (before === undefined || after === undefined) throw new Error(`${TABLE} has no place for the table`);
  await writeFile(TABLE, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value).replaceAll('"', "")}\``;
}
