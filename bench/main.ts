import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Finding, tell } from "./measure/report.ts";

/*
 * `npm run bench`: every program of `bench/` that has a goal, one after the other, and a table of what they found, in
 * docs/explanation/figures.md and the README. A goal that is missed stands in the table as missed; so does a program that failed.
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
  { name: "forged-lines", script: "forged-lines.ts" },
  { name: "growth", script: "growth.ts" },
  { name: "bridge-idle", script: "bridge-idle.ts" },
] as const;

const HERE = fileURLToPath(new URL(".", import.meta.url));
const FIGURES = fileURLToPath(new URL("../docs/explanation/figures.md", import.meta.url));
const README = fileURLToPath(new URL("../README.md", import.meta.url));
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

/** The whole table into its page, and what was promised into the README. */
async function writeTable(): Promise<void> {
  const [first] = found;
  const { processor, cores, memoryGiB, node } = first?.machine ?? {};
  const day = (first?.at ?? "").slice(0, 10);
  const withGoal = found.filter(({ goal }) => goal !== null);
  await writeBetweenMarks(FIGURES, [
    `Of ${day}, on ${cores} cores (${processor}), ${memoryGiB} GiB, Node.js ${node}.`,
    "",
    "| bench | goal | came to | |",
    "|---|---|---|---|",
    ...withGoal.map((one) => `| ${one.bench} | ${one.goal} | ${cameTo(one)} | ${verdict(one)} |`),
    ...failed.map((name) => `| ${name} | | | **failed** |`),
    "",
    "All that was measured, latencies in milliseconds:",
    "",
    "| bench | figure | baseline |",
    "|---|---|---|",
    ...found.map(({ bench, figure, baseline }) => `| ${bench} | ${code(figure)} | ${code(baseline)} |`),
  ]);
  await writeBetweenMarks(README, [
    `Of ${day}, on ${cores} shared cores; a ratio is ours to the baseline's.`,
    "",
    "| what | goal | came to |",
    "|---|---|---|",
    ...withGoal.map((one) => {
      const missedHere = one.isReached === false ? ", **missed**" : "";
      return `| ${one.bench} | ${one.goal} | ${cameTo(one)}${missedHere} |`;
    }),
    ...failed.map((name) => `| ${name} | | **failed** |`),
  ]);
}

async function writeBetweenMarks(path: string, lines: readonly string[]): Promise<void> {
  const page = await readFile(path, "utf8");
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for the table`);
  await writeFile(path, `${before}${BEGIN}\n\n${lines.join("\n")}\n\n${END}${after}`);
}

function cameTo({ result, ratio, spread }: Printed): string {
  return result ?? `${ratio} (${spread?.join(" to ")})`;
}

function verdict({ isReached }: Printed): string {
  return isReached === true ? "reached" : "**missed**";
}

function code(value: unknown): string {
  if (value === null) return "";
  return `\`${JSON.stringify(value).replaceAll('"', "")}\``;
}
