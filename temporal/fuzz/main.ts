import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Credentials, fuzz } from "./schemathesis.ts";
import { installSchemathesis } from "./schemathesis-install.ts";
import { startTarget } from "./target.ts";

/*
 * `npm run fuzz:api [-- --seed <number>]`: makes up thousands of requests from the OpenAPI document, fitting and unfitting
 * ones, as several kinds of callers, and holds every answer against the document. Needs Python 3; Schemathesis is
 * installed into the cache folder when it is not there.
 */

/** Made up per operation and caller, besides about thirty that cover each rule of the document. */
const CASES_PER_OPERATION = 10;

const seedAt = process.argv.indexOf("--seed");
const seed = seedAt < 0 ? "1" : (process.argv[seedAt + 1] ?? "1");
const program = await installSchemathesis(process.env);
const folder = await mkdtemp(join(tmpdir(), "mgm-fuzz-"));
const target = await startTarget(folder, process.env);
let isGood = true;
try {
  const { broadcasterToken, viewerToken, desktopKey, known } = target;
  const callers: readonly (Credentials & { readonly name: string })[] = [
    { name: "the broadcaster and a desktop, on things that exist", token: broadcasterToken, desktopKey, known },
    { name: "a viewer and a desktop, on whatever comes up", token: viewerToken, desktopKey, known: null },
    { name: "somebody with broken credentials", token: `${viewerToken}x`, desktopKey: "wrong", known },
  ];
  for (const caller of callers) {
    process.stdout.write(`\n=== ${caller.name}\n`);
    isGood = (await fuzz(program, { ...target, folder, seed, cases: CASES_PER_OPERATION }, caller)) && isGood;
  }
  const defects = await target.loggedDefects();
  for (const line of defects) process.stdout.write(`logged by the API: ${line}\n`);
  isGood &&= defects.length === 0;
} finally {
  await target.stop();
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(isGood ? "\nthe API keeps what its document promises\n" : "\nthe API breaks its document\n");
process.exit(isGood ? 0 : 1);
