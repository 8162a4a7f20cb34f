import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtPages } from "../test/browser.ts";
import { withApiAddress } from "./api-address.ts";
import { fontsSize, LARGEST_FONTS, LARGEST_OWN_SCRIPT, LARGEST_SCRIPT, pageSizes, sizeFaults } from "./sizes.ts";
import { zipped } from "./zip.ts";

let folder: string;
beforeAll(async () => {
  folder = await builtPages();
});
afterAll(() => rmSync(folder, { recursive: true }));

const PAGES = ["config.html", "live_config.html", "mobile.html", "panel.html", "video_overlay.html"];
const files = (extension: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(extension));

describe("the built extension", () => {
  it("keeps within its sizes", () => {
    const sizes = pageSizes(folder);
    expect(sizes.map(({ page }) => page)).toEqual(PAGES);
    for (const { ownScript, alpine } of sizes) {
      expect(ownScript).toBeGreaterThan(1_000);
      expect(ownScript).toBeLessThanOrEqual(LARGEST_OWN_SCRIPT);
      expect(alpine).toBeGreaterThan(10_000);
      expect(ownScript + alpine).toBeLessThanOrEqual(LARGEST_SCRIPT);
    }
    expect(files(".woff2")).toHaveLength(9);
    expect(fontsSize(folder)).toBeLessThanOrEqual(LARGEST_FONTS);
    expect(sizeFaults(folder)).toEqual([]);
  });

  it("can be read: our own scripts are not minified, and Alpine is the published file apart", () => {
    const own = files(".js").filter((name) => !name.includes("alpine-"));
    for (const name of own) {
      const lines = readFileSync(join(folder, name), "utf8").split("\n");
      expect(lines.length).toBeGreaterThan(30);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400);
    }
    const [alpine = ""] = files(".js").filter((name) => name.includes("alpine-"));
    const published = new URL("../../node_modules/@alpinejs/csp/dist/module.esm.min.js", import.meta.url);
    expect(readFileSync(join(folder, alpine), "utf8")).toBe(readFileSync(published, "utf8"));
  });

  it("refers to its own files relatively, by names that change with their contents", () => {
    for (const page of PAGES) {
      const html = readFileSync(join(folder, page), "utf8");
      const addresses = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, address = ""]) => address);
      const own = addresses.filter((address) => !/^(https:|data:)/.test(address));
      expect(own.length).toBeGreaterThan(1);
      for (const address of own) expect(address).toMatch(/^\.\/(scripts|assets)\/[\w-]+-[\w-]{8}\.\w+$/);
    }
  });

  it("has its pages at the root of the archive", () => {
    const archive = unzipSync(zipped(folder));
    expect(Object.keys(archive)).toEqual(expect.arrayContaining(PAGES));
    expect(Object.keys(archive).length).toBe(files("").filter((name) => name.includes(".")).length);
    expect(zipped(folder)).toEqual(zipped(folder));
  });
});

describe("the address of the API", () => {
  const page = '<meta name="mgm-api" content="" />';

  it("is written into the page as an origin", () => {
    expect(withApiAddress(page, "https://gold.example.org/some/path")).toContain('content="https://gold.example.org"');
    expect(withApiAddress(page, "")).toBe(page);
  });

  it("must be one", () => {
    expect(() => withApiAddress(page, "gold")).toThrow();
  });
});
