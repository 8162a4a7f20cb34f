import { dirname, join } from "node:path";
import { runProgram } from "../bridge/program.ts";

/* The bridge as it is installed: one executable, with its native modules and the built window beside it. */

/** Put in when it is bundled. */
declare const MGM_VERSION: string;

void runProgram({
  version: MGM_VERSION,
  windowFolder: join(dirname(process.execPath), "window"),
  words: process.argv.slice(2),
  environment: process.env,
});
