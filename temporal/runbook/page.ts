import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/* docs/how-to/runbook.md as the tests read it: what stands there is what they type. */

const page = readFileSync(fileURLToPath(new URL("../../docs/how-to/runbook.md", import.meta.url)), "utf8");

/** A message that the page tells operators to send. */
export interface PageMessage {
  /** The heading that it stands under. */
  readonly about: string;
  /** The update's name; that of the signal where there is no update. */
  readonly name: string;
  /** Its input as it is typed, with placeholders. */
  readonly json: string;
}

/** A query that the page tells operators to save. */
export interface PageQuery {
  readonly what: string;
  readonly query: string;
}

/** All messages, in the page's order. */
export function pageMessages(): PageMessage[] {
  return tablesUnder("message").flatMap(({ about, rows }) =>
    rows.map(([name = "", json = ""]) => ({ about, name: code(name), json: code(json) })),
  );
}

/** All queries, in the page's order. */
export function pageQueries(): PageQuery[] {
  return tablesUnder("what").flatMap(({ rows }) =>
    rows.map(([what = "", query = ""]) => ({ what, query: code(query) })),
  );
}

/** What the page says of ended workflows: the workflows, by type. */
export function pageEnds(): string[] {
  return tablesUnder("workflow")
    .filter(({ about }) => about === "Whatever was cancelled or terminated")
    .flatMap(({ rows }) => rows.map(([type = ""]) => code(type)));
}

/** All commands of the command line, in the page's order. */
export function pageCommands(): string[] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("    temporal "))
    .map((line) => line.trim());
}

/** The line that makes the commands work, from those of a start or of a server: it begins with `beginning`. */
export function pageSetUp(beginning: "export" | "docker"): string {
  return page.split("\n").find((line) => line.startsWith(`${beginning} `)) ?? "";
}

/** The script that sets the list's columns. */
export function pageColumnsScript(): string {
  return /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
}

/** A text of the page with its placeholders filled in; fails when one has no value. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/<(\w+)>/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing to write for <${name}>`);
    return value;
  });
}

interface Table {
  readonly about: string;
  readonly rows: readonly string[][];
}

function tablesUnder(firstColumn: string): Table[] {
  const tables: { about: string; head: string; rows: string[][] }[] = [];
  let about = "";
  let isInside = false;
  for (const line of page.split("\n")) {
    if (line.startsWith("#")) about = line.replace(/^#+ /, "");
    const cells = line.startsWith("| ") || line.startsWith("|-") ? line.split("|").slice(1, -1) : null;
    const texts = cells?.map((cell) => cell.trim()) ?? [];
    if (cells === null) isInside = false;
    else if (!isInside) tables.push({ about, head: texts[0] ?? "", rows: [] });
    else if (!line.startsWith("|-")) tables.at(-1)?.rows.push(texts);
    if (cells !== null) isInside = true;
  }
  return tables.filter(({ head }) => head === firstColumn);
}

function code(cell: string): string {
  return cell.replace(/^`(.*)`$/, "$1");
}
