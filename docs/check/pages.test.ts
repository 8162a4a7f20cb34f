import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dirname, normalize } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { PART_NAMES, partsOf, withFreshParts } from "../make/generated-parts.ts";
import { OVERVIEW_FILE, overviewPicture } from "../make/overview-picture.ts";
import { ROOT, readPages, takeApart } from "../make/page.ts";
import { deadLinks, unknownNames, unknownPrograms, unknownRoutes, unknownScripts } from "./named.ts";

/* What the pages say of the product, held against the product. */

const pages = readPages();
// What may not be named anywhere: where packages come from, and folders of one machine.
const NOT_OURS = /\bregistry\.[a-z]|\bproxy\.[a-z]+\.org|\.\.\/shared\b|(?<![\w/])\/work\//i;

describe.each(pages.map((page) => [page.path, page] as const))("%s", (_path, page) => {
  it("has nothing but fresh parts among those that a program makes", () => {
    expect(withFreshParts(page.text), "run `npm run docs`").toBe(page.text);
  });

  it("links to what is there", () => {
    expect(deadLinks(page, pages)).toEqual([]);
  });

  it("names scripts, settings and routes that exist", () => {
    expect(unknownScripts(page)).toEqual([]);
    expect(unknownPrograms(page)).toEqual([]);
    expect(unknownNames(page)).toEqual([]);
    expect(unknownRoutes(page)).toEqual([]);
  });

  it("names nothing that is another machine's", () => {
    expect(NOT_OURS.exec(page.text)?.[0]).toBeUndefined();
  });
});

describe("the pages together", () => {
  it("hold every made part exactly once", () => {
    expect(pages.flatMap(({ text }) => partsOf(text)).sort()).toEqual([...PART_NAMES].sort());
  });

  it("show every picture that there is", () => {
    const shown = pages.flatMap(({ path, pictures }) =>
      pictures.map((picture) => normalize(join(dirname(path), picture))),
    );
    const there = readdirSync(join(ROOT, "docs/pictures")).map((file) => `docs/pictures/${file}`);
    expect(there.filter((file) => !shown.includes(file))).toEqual([]);
  });

  it("begin with the picture as it is drawn", () => {
    expect(readFileSync(join(ROOT, OVERVIEW_FILE), "utf8"), "run `npm run docs`").toBe(overviewPicture());
  });

  it("can all be reached from the overview", () => {
    const reached = new Set<string>();
    const go = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      const page = pages.find((one) => one.path === path);
      for (const link of page?.links ?? []) {
        if (!/^[a-z]+:|^#/.test(link)) go(normalize(join(dirname(path), link.split("#")[0] ?? "")));
      }
    };
    go("docs/README.md");
    expect(pages.filter(({ path }) => path !== "README.md" && !reached.has(path)).map(({ path }) => path)).toEqual([]);
  });
});

describe("the checks themselves", () => {
  const page = takeApart(
    "docs/made-up.md",
    [
      "# Made up",
      "[gone](gone.md) [no anchor](README.md#nowhere) [insecure](http://example.org) [good](#made-up)",
      "![picture](pictures/gone.png)",
      "`npm run nothing`, `npm run build -w nowhere`, `npm test`",
      "`docker compose run --rm worker node temporal/.build/nothing.js`, `node temporal/.build/api.js`",
      "`TWITCH_NOTHING`, `PORT`, `TWITCH_CLIENT_SECRET_FILE`",
      "`GET /api/nothing`, `DELETE /healthz`, `GET /healthz`, `PATCH /api/payouts/<id>/status`",
    ].join("\n\n"),
  );

  it("find what is not there, and only that", () => {
    expect(deadLinks(page, [...pages, page])).toEqual([
      "gone.md",
      "README.md#nowhere",
      "http://example.org",
      "#made-up",
      "pictures/gone.png",
    ]);
    expect(unknownScripts(page)).toEqual(["npm run nothing -w .", "npm run build -w nowhere"]);
    expect(unknownPrograms(page)).toEqual(["temporal/.build/nothing.js"]);
    expect(unknownNames(page)).toEqual(["TWITCH_NOTHING"]);
    expect(unknownRoutes(page)).toEqual(["GET /api/nothing", "DELETE /healthz"]);
  });
});
