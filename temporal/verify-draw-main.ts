import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openDatabase } from "@mgm/activities/db/database";
import { hmacSha256, sha256Hex } from "@mgm/activities/db/hashes";
import { readDraw } from "@mgm/activities/db/spin/read-draw";
import { readEnvironment, SettingsError } from "@mgm/activities/settings";
import { type DrawFault, type DrawRecord, drawFaults, type ListState, listState } from "@mgm/domain/draw-record";
import { isId } from "@mgm/domain/instant";
import { z } from "zod";
import { withLoginDatabase } from "./start/login-database.ts";
import { StartError } from "./start/start-error.ts";

/*
 * `npm run verify-draw`: computes a draw again, from the database or from a file that somebody published, and says
 * whether the same candidate comes out. Status 0: it does; 1: it does not; 2: there is nothing to compute.
 */

const USAGE = `usage: npm run verify-draw [-- <what>]

  (nothing)         the newest draw of the database
  <spinCycleId>     that draw of the database
  <file>            a draw that was saved
  --save <file>     writes the draw of the database into a file, to be published
`;
const LIMITS = { maxConnections: 1, connectTimeoutMs: 10_000, statementTimeoutMs: 30_000 };

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const savedDraw: z.ZodType<DrawRecord> = z.object({
  algorithm: z.string(),
  spinCycleId: z.string().refine(isId),
  drawnAt: z.string(),
  entropy: hex(32),
  entropySource: z.string(),
  listHash: hex(32),
  entrants: z.number().int().min(1),
  index: z.number().int().min(0),
  candidate: z.string(),
  names: z.array(z.string()).nullable(),
});

const WORDS: Readonly<Record<DrawFault, string>> = {
  unknown_algorithm: "this program does not know the algorithm",
  list_not_sorted: "the list is not in order, or names somebody twice",
  list_hash_differs: "the list is not the one that was drawn from",
  entrants_differ: "the list has another number of names",
  index_differs: "another place is drawn",
  candidate_differs: "another name stands there",
};

const LISTS: Readonly<Record<ListState, string>> = {
  whole: "the same",
  gone: "the same place; the list is no longer kept, so the name cannot be told from it",
  forgotten: "the same place; somebody in the list was forgotten, so it cannot be held against its SHA-256 any more",
};

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function drawOfDatabase(spinCycleId: string | null): Promise<DrawRecord> {
  const found = await withLoginDatabase(readEnvironment(process.env), async ({ databaseUrl }) => {
    const database = openDatabase(databaseUrl, LIMITS, () => undefined);
    try {
      return await readDraw(database, spinCycleId);
    } finally {
      await database.end();
    }
  });
  if (found === null) throw new StartError(spinCycleId === null ? "Nothing was drawn yet." : "There is no such draw.");
  return found;
}

function drawOfFile(file: string): DrawRecord {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new StartError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
  const parsed = savedDraw.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new StartError(`${file} holds no draw: ${parsed.error.issues.map(({ path }) => path.join(".")).join(", ")}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function report(draw: DrawRecord): boolean {
  const faults = drawFaults(draw, { hmacSha256, sha256Hex, fromHex: (text) => Buffer.from(text, "hex") });
  tell(`spin       ${draw.spinCycleId}, drawn at ${draw.drawnAt}`);
  tell(`list       ${draw.names === null ? "no longer kept" : `${draw.names.length} names`}, SHA-256 ${draw.listHash}`);
  tell(`entropy    ${draw.entropy} (${draw.entropySource})`);
  tell(`drawn      place ${draw.index} of ${draw.entrants}, counted from 0: ${draw.candidate}`);
  for (const fault of faults) tell(`WRONG      ${WORDS[fault]} (${fault})`);
  if (faults.length === 0) tell(`computed   ${LISTS[listState(draw)]}`);
  return faults.length === 0;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { save: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help || positionals.length > 1) {
    process.stdout.write(USAGE);
    process.exit(values.help ? 0 : 2);
  }
  const [what = null] = positionals;
  const draw = what === null || isId(what) ? await drawOfDatabase(what) : drawOfFile(what);
  if (values.save !== undefined) writeFileSync(values.save, `${JSON.stringify(draw, null, 2)}\n`);
  process.exit(report(draw) ? 0 : 1);
} catch (error) {
  const isForPeople = error instanceof SettingsError || error instanceof StartError;
  process.stderr.write(`${isForPeople ? error.message : String(error)}\n`);
  process.exit(2);
}
