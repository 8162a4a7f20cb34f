import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { fontsSize, pageSizes, sizeFaults } from "./sizes.ts";
import { zipped } from "./zip.ts";

/*
 * `npm run build`: the pages into .build/pages and, as Twitch wants them, into .build/extension.zip; says how large they
 * are. `--out <folder>` builds the pages alone, into that folder.
 */

const [flag, folder] = process.argv.slice(2);
// Whoever builds into a folder serves it, and puts the address in.
if (flag === "--out") process.env.VITE_EBS_URL = "";
const root = fileURLToPath(new URL("..", import.meta.url));
const isForTwitch = flag !== "--out" || folder === undefined;
const pages = isForTwitch ? fileURLToPath(new URL("../.build/pages", import.meta.url)) : folder;
await build({ root, logLevel: "warn", build: { outDir: pages } });

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
for (const { page, ownScript, alpine } of pageSizes(pages)) {
  say(`${page.padEnd(20)} own JavaScript ${kilobytes(ownScript)}, with Alpine ${kilobytes(ownScript + alpine)} (gzip)`);
}
say(`${"fonts".padEnd(20)} ${kilobytes(fontsSize(pages))}`);
const faults = sizeFaults(pages);
for (const fault of faults) say(`TOO LARGE: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
if (isForTwitch) {
  const archive = fileURLToPath(new URL("../.build/extension.zip", import.meta.url));
  writeFileSync(archive, zipped(pages));
  say(archive);
  if ((process.env.VITE_EBS_URL ?? "") === "") say("VITE_EBS_URL is not set: these pages know no server.");
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
