import { readFileSync } from "node:fs";
import { runProgram } from "./program.ts";
import { WINDOW_FOLDER } from "./start-desktop.ts";

/* The desktop from the sources: `npm run desktop`. What is installed at the streamer's starts in package/. */

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
await runProgram({ version, windowFolder: WINDOW_FOLDER, words: process.argv.slice(2), environment: process.env });
