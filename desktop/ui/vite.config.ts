import { defineConfig } from "vite";
import { includeParts } from "./include-parts.ts";

/* The window's files: one page, relative paths, nothing inline, so that the same folder works behind any address. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [includeParts()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // Whoever looks into the window shall be able to read it.
    minify: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
