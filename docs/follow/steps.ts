import { basename } from "node:path/posix";
import { marked, type Token, type Tokens } from "marked";

/*
 * The tutorial as something to be followed. Readers see plain blocks; the words behind a fence say what each one is:
 *
 *   sh           a command that ends; with status 0, or the page is wrong
 *   sh stays     a command that goes on, until the page presses Ctrl-C
 *   text shows   lines that the last command shows, in this order, others between them
 *   text press   keys
 *
 * A picture is something to look at in a browser.
 */

/** One thing that a reader does or sees. */
export type Step =
  | { readonly kind: "run"; readonly command: string; readonly stays: boolean }
  | { readonly kind: "shows"; readonly lines: readonly string[] }
  | { readonly kind: "press"; readonly keys: string }
  | { readonly kind: "look"; readonly picture: string };

/** The steps of a page, in their order. A block that is none of them is a fault of the page. */
export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  const look = (token: Token): void => {
    if (token.type === "image") steps.push({ kind: "look", picture: basename((token as Tokens.Image).href) });
    if (token.type === "code") steps.push(...stepsOfBlock(token as Tokens.Code));
  };
  void marked.walkTokens(marked.lexer(text), look);
  return steps;
}

function stepsOfBlock({ lang = "", text }: Tokens.Code): Step[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  switch (lang) {
    case "sh":
    case "sh stays":
      return lines.map((command) => ({ kind: "run", command, stays: lang === "sh stays" }));
    case "text shows":
      return [{ kind: "shows", lines }];
    case "text press":
      return lines.map((keys) => ({ kind: "press", keys }));
    default:
      throw new Error(`the tutorial has a block of "${lang}", which nobody can follow`);
  }
}
