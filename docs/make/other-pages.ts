import { dirname, join, normalize, relative } from "node:path/posix";
import { type Page, readPages, takeApart } from "./page.ts";

const OVERVIEW = "docs/README.md";
const OWN_PART = /<!-- made by `npm run docs`: other-pages -->[\s\S]*?<!-- end -->/;

/** What the overview does not link to by hand: a page that somebody added is not lost. */
export function otherPages(): string {
  const pages = readPages().filter(({ path }) => path.startsWith("docs/") && path !== OVERVIEW);
  const linked = new Set(linksByHand());
  const others = pages.filter(({ path }) => !linked.has(path));
  if (others.length === 0) return "";
  return [
    "## More",
    "",
    ...others.map((page) => `- [${titleOf(page)}](${relative(dirname(OVERVIEW), page.path)})`),
  ].join("\n");
}

function linksByHand(): string[] {
  const overview = readPages().find(({ path }) => path === OVERVIEW);
  const { links } = takeApart(OVERVIEW, overview?.text.replace(OWN_PART, "") ?? "");
  return links.map((link) => normalize(join(dirname(OVERVIEW), link.split("#")[0] ?? "")));
}

function titleOf({ text, path }: Page): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? path;
}
