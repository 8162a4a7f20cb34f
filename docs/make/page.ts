import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import GithubSlugger from "github-slugger";
import { marked, type Token, type Tokens } from "marked";

/* The pages of the documentation, as the generators and the checks read them. */

/** The folder of the whole project, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A fenced or indented block of code. */
export interface CodeBlock {
  /** First word behind the fence; empty where there is none. */
  readonly language: string;
  /** The other words behind the fence. */
  readonly remarks: string;
  readonly text: string;
  readonly isFenced: boolean;
}

/** A page, taken apart. */
export interface Page {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** Where links lead, as they are written. */
  readonly links: readonly string[];
  /** Files of the pictures, as they are written. */
  readonly pictures: readonly string[];
  /** Texts in `code`, without those in blocks. */
  readonly spans: readonly string[];
  /** Texts in italics. */
  readonly emphasised: readonly string[];
  /** What a link may name behind `#`. */
  readonly anchors: ReadonlySet<string>;
}

/** The README and every page under `docs/`. */
export function readPages(): Page[] {
  const files = readdirSync(join(ROOT, "docs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"));
  return ["README.md", ...files.sort()].map((path) => readPage(path));
}

/** One page. */
export function readPage(path: string): Page {
  return takeApart(path, readFileSync(join(ROOT, path), "utf8"));
}

/** Takes a page's text apart. */
export function takeApart(path: string, text: string): Page {
  const blocks: CodeBlock[] = [];
  const links: string[] = [];
  const pictures: string[] = [];
  const spans: string[] = [];
  const emphasised: string[] = [];
  const anchors = new Set<string>();
  const slugger = new GithubSlugger();
  const look = (token: Token): void => {
    switch (token.type) {
      case "code": {
        const { lang = "", text: code, codeBlockStyle } = token as Tokens.Code;
        const [language = "", ...remarks] = lang.split(/\s+/);
        blocks.push({ language, remarks: remarks.join(" "), text: code, isFenced: codeBlockStyle !== "indented" });
        break;
      }
      case "link":
        links.push((token as Tokens.Link).href);
        break;
      case "image":
        pictures.push((token as Tokens.Image).href);
        break;
      case "codespan":
        spans.push((token as Tokens.Codespan).text);
        break;
      case "em":
        emphasised.push((token as Tokens.Em).text);
        break;
      case "heading":
        anchors.add(slugger.slug(plainText(token as Tokens.Heading)));
        break;
    }
  };
  void marked.walkTokens(marked.lexer(text), look);
  return { path, text, blocks, links, pictures, spans, emphasised, anchors };
}

function plainText(token: Token): string {
  const inner = (token as { tokens?: Token[] }).tokens;
  return inner === undefined ? String((token as { text?: string }).text ?? "") : inner.map(plainText).join("");
}
