import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TEXTS } from "../../desktop/ui/texts/texts.ts";
import { ROOT, readPage } from "../make/page.ts";

/* What a page quotes from the streamer's window (in italics) is what the window says. */

/** Words of the game and of Windows. */
const OF_OTHERS = ["AddOns", "Send", "More info", "Run anyway"];

const english = Object.values(TEXTS).flatMap(({ en }) => (typeof en === "string" ? [en] : Object.values(en)));
const addon = readFileSync(join(ROOT, "addon/MimironsGoldOMatic/Locales/enUS.lua"), "utf8");
const said = english.map((text) => text.toLowerCase());

/** A whole text, its beginning or its end: a word out of its middle could mean anything. */
function isSaid(quoted: string): boolean {
  const text = quoted.replace(/\d+/g, "{n}").replace("…", "{name}").toLowerCase();
  return addon.includes(quoted) || said.some((one) => one.startsWith(text) || one.endsWith(text));
}

describe.each(["docs/how-to/streamer-windows.md", "docs/reference/desktop.md"])("%s", (path) => {
  it("quotes the window's own words", () => {
    const quoted = readPage(path).emphasised.filter((text) => !OF_OTHERS.includes(text));
    expect(quoted.length).toBeGreaterThan(0);
    expect(quoted.filter((text) => !isSaid(text))).toEqual([]);
  });
});
