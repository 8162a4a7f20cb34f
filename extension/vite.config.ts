import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { alpineApart } from "./build/alpine-apart.ts";
import { apiAddress } from "./build/api-address.ts";
import { htmlPartials } from "./build/html-partials.ts";
import { subsetFonts } from "./build/subset-fonts.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(at("package.json"), "utf8")) as { version: string };
const PAGES = ["panel", "mobile", "video_overlay", "config", "live_config"];

const fonts: Plugin = { name: "subset-fonts", buildStart: () => subsetFonts(at(".build/fonts")) };

/*
 * Twitch serves the pages from a folder of its own and reads the code that it gets: paths are relative, ours is not
 * minified, and Alpine stays apart in the form in which it is published.
 */
export default defineConfig({
  base: "./",
  plugins: [fonts, alpineApart(), htmlPartials(), apiAddress(process.env.VITE_EBS_URL ?? "")],
  define: { __EXTENSION_VERSION__: JSON.stringify(version) },
  build: {
    target: "es2022",
    minify: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    emptyOutDir: true,
    rollupOptions: {
      // The names of the modules above their code would cost as much as a small feature.
      experimental: { attachDebugInfo: "none" },
      input: PAGES.map((page) => at(`${page}.html`)),
      output: {
        comments: { legal: true, annotation: false, jsdoc: false },
        entryFileNames: "scripts/[name]-[hash].js",
        chunkFileNames: "scripts/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
