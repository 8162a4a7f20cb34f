import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiSettings } from "@mgm/api/config";
import type { ZodType } from "zod";
import { workerSettings } from "../../temporal/config.ts";
import { setupSettings } from "../../temporal/setup/config.ts";
import { startSettings } from "../../temporal/start/config.ts";
import { ROOT } from "./page.ts";
import { code, table } from "./table.ts";

/* The table of settings: names and defaults from the schemas that read them, meanings from `.env.example`. */

/** Read by `npm start` itself, before there is a schema: it says which program Temporal is. */
const OF_START = ["TEMPORAL_CLI"];

interface Described {
  readonly name: string;
  readonly section: string;
  readonly meaning: string;
}

/** The names of all settings. */
export const SETTING_NAMES: ReadonlySet<string> = new Set([
  ...OF_START,
  ...Object.keys({ ...apiSettings.shape, ...workerSettings.shape, ...startSettings.shape, ...setupSettings.shape }),
]);

/** One table a section of `.env.example`. */
export function settings(): string {
  const described = readExample(readFileSync(join(ROOT, ".env.example"), "utf8"));
  const names = new Set(described.map(({ name }) => name));
  const missing = [...SETTING_NAMES].filter((name) => !names.has(name));
  if (missing.length > 0) throw new Error(`.env.example says nothing about ${missing.join(", ")}`);
  return [...new Set(described.map(({ section }) => section))]
    .map((section) => {
      const rows = described.filter((one) => one.section === section);
      return `## ${section}\n\n${table(
        ["setting", "default", "read by", "meaning"],
        rows.map(({ name, meaning }) => [
          code(name),
          defaultOf(name),
          readersOf(name),
          meaning.replaceAll("<", "&lt;"),
        ]),
      )}`;
    })
    .join("\n\n");
}

/** What `.env.example` says: comments belong to the settings under them. */
export function readExample(text: string): Described[] {
  const described: Described[] = [];
  let section = "";
  let comment: string[] = [];
  let isCommentUsed = false;
  for (const line of text.split("\n")) {
    const [, title] = /^# --- (.+?) -+$/.exec(line) ?? [];
    const [, written] = /^#([A-Z][A-Z0-9_]*)=/.exec(line) ?? [];
    if (title !== undefined) section = title;
    else if (written !== undefined) {
      const meaning = comment.filter((line) => line !== "").join(" ");
      if (meaning === "") throw new Error(`.env.example does not say what ${written} means`);
      described.push({ name: settingOf(written), section, meaning });
      isCommentUsed = true;
    }
    if (written === undefined && (isCommentUsed || !line.startsWith("# ") || title !== undefined)) {
      comment = [];
      isCommentUsed = false;
    }
    if (written === undefined && title === undefined && line.startsWith("# "))
      comment.push(inTable(line.slice(2).trim()));
  }
  return described;
}

/** JSON is too long for a cell, and stands on a page of its own. */
function inTable(line: string): string {
  if (line.startsWith("{")) return "[times](numbers.md#times).";
  return /^"\w+":/.test(line) ? "" : line;
}

/** `X_FILE` stands for X where it is the usual way to give it. */
function settingOf(written: string): string {
  const base = written.replace(/_FILE$/, "");
  if (SETTING_NAMES.has(written)) return written;
  if (SETTING_NAMES.has(base)) return base;
  throw new Error(`.env.example names ${written}, which nobody reads`);
}

function defaultOf(name: string): string {
  const schema = { ...setupSettings.shape, ...startSettings.shape, ...workerSettings.shape, ...apiSettings.shape }[
    name
  ] as ZodType | undefined;
  const parsed = schema?.safeParse(undefined);
  if (parsed === undefined) return "";
  if (!parsed.success) return "needed";
  const value: unknown = parsed.data;
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return "";
  return code(typeof value === "object" ? "{}" : String(value));
}

function readersOf(name: string): string {
  const readers = [
    ...(name in apiSettings.shape ? ["API"] : []),
    ...(name in workerSettings.shape ? ["worker"] : []),
    ...(OF_START.includes(name) || (name in startSettings.shape && !(name in apiSettings.shape))
      ? ["`npm start`"]
      : []),
    ...(name in setupSettings.shape && !(name in workerSettings.shape) ? ["`npm run temporal-setup`"] : []),
  ];
  return readers.join(", ");
}
