import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { PROGRAMS } from "../../temporal/build-programs.ts";
import { DESCRIBED_ROUTES } from "../make/http.ts";
import { type Page, ROOT } from "../make/page.ts";
import { SETTING_NAMES } from "../make/settings.ts";

/* What pages name, held against what there is. Each function returns what it found wanting. */

/** Links and pictures that lead nowhere. */
export function deadLinks(page: Page, pages: readonly Page[]): string[] {
  return [...page.links, ...page.pictures].filter((target) => {
    if (/^[a-z]+:/.test(target)) return !target.startsWith("https://") && !target.startsWith("mailto:");
    const [file = "", anchor] = target.split("#");
    const path = file === "" ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)));
    if (path.startsWith("..") || !existsSync(join(ROOT, path))) return true;
    return anchor !== undefined && pages.find((one) => one.path === path)?.anchors.has(anchor) !== true;
  });
}

const SCRIPT = /\bnpm (?:run ([\w:-]+)|(start|test))(?:[^\n`|]*? -w (\S+))?/g;

/** Scripts of npm that no package has. */
export function unknownScripts(page: Page): string[] {
  return [...page.text.matchAll(SCRIPT)]
    .map(([, run, short, workspace]) => ({
      name: run ?? short ?? "",
      workspace: workspace?.replace(/[`.,;:]+$/, "") ?? ".",
    }))
    .filter(({ name, workspace }) => {
      const file = join(ROOT, workspace, "package.json");
      if (!existsSync(file)) return true;
      const { scripts = {} } = JSON.parse(readFileSync(file, "utf8")) as { scripts?: Record<string, string> };
      return !Object.hasOwn(scripts, name);
    })
    .map(({ name, workspace }) => `npm run ${name} -w ${workspace}`);
}

const PROGRAM = /\btemporal\/\.build\/([\w-]+)\.js\b/g;

/** Programs of the container image that nobody builds. */
export function unknownPrograms(page: Page): string[] {
  return [...page.text.matchAll(PROGRAM)]
    .filter(([, name = ""]) => !Object.hasOwn(PROGRAMS, name))
    .map(([path]) => path);
}

const UPPER_CASE = /(?<![\w-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w-])/g;
/** They stand for what somebody sets. */
const PLACEHOLDER = /^NAME(?:_FILE)?$/;

/** Names written as settings and constants are, which neither the settings nor any source file knows. */
export function unknownNames(page: Page): string[] {
  const texts = [...page.spans, ...page.blocks.map(({ text }) => text)];
  const names = new Set(texts.flatMap((text) => [...text.matchAll(UPPER_CASE)].map(([name]) => name)));
  return [...names].filter(
    (name) =>
      !PLACEHOLDER.test(name) &&
      !SETTING_NAMES.has(name) &&
      !SETTING_NAMES.has(name.replace(/_FILE$/, "")) &&
      !isInSources(name),
  );
}

const sources = new Map<string, boolean>();

function isInSources(name: string): boolean {
  const known = sources.get(name);
  if (known !== undefined) return known;
  const isFound = grep(name);
  sources.set(name, isFound);
  return isFound;
}

function grep(name: string): boolean {
  const where = [".", ":!docs", ":!*.md", ":!.env.example", ":!package-lock.json"];
  try {
    execFileSync("git", ["grep", "-qwF", "-e", name, "--", ...where], { cwd: ROOT });
    return true;
  } catch (error) {
    if ((error as { status?: number }).status === 1) return false;
    throw error;
  }
}

/** Served on a port of its own, and therefore in no document. */
const OUTSIDE_THE_DOCUMENT = ["GET /metrics"];
const ROUTE = /\b(GET|POST|PUT|PATCH|DELETE) (\/[\w./{}<>-]*)/g;

/** Routes that the OpenAPI document does not have. */
export function unknownRoutes(page: Page): string[] {
  const texts = [...page.spans, ...page.blocks.map(({ text }) => text)];
  return texts
    .flatMap((text) => [...text.matchAll(ROUTE)].map(([whole, method = "", path = ""]) => ({ whole, method, path })))
    .filter(({ whole }) => !OUTSIDE_THE_DOCUMENT.includes(whole))
    .filter(({ method, path }) => !DESCRIBED_ROUTES.some((route) => route.method === method && fits(path, route.path)))
    .map(({ whole }) => whole);
}

function fits(written: string, declared: string): boolean {
  const a = written.split("/");
  const b = declared.split("/");
  return (
    a.length === b.length && a.every((part, at) => part === b[at] || (b[at]?.startsWith("{") === true && part !== ""))
  );
}
