import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** As whom requests are made. */
export interface Credentials {
  readonly token: string;
  readonly desktopKey: string;
  /** Things that exist, for the ids in paths; null lets ids be made up. */
  readonly known: { readonly payoutId: string; readonly giftRequestId: string; readonly channel: string } | null;
}

/** What is asked, and how much. */
export interface FuzzTarget {
  readonly apiUrl: string;
  /** Whatever the program writes beside its report lands here. */
  readonly folder: string;
  readonly seed: string;
  readonly cases: number;
}

/** One run with all checks on; whether it found nothing. */
export async function fuzz(program: string, target: FuzzTarget, credentials: Credentials): Promise<boolean> {
  const configFile = join(target.folder, "schemathesis.toml");
  await writeFile(configFile, configOf(credentials));
  const child = spawn(
    program,
    [
      ...["--config-file", configFile, "run", `${target.apiUrl}/openapi.json`],
      ...["--checks", "all", "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--warnings", "off"],
      ...["--max-examples", String(target.cases), "--seed", target.seed],
    ],
    { cwd: target.folder, stdio: ["ignore", "inherit", "inherit"] },
  );
  const [status] = await once(child, "exit");
  return status === 0;
}

/**
 * Some refusals of well-formed requests are 400 by the contract: a report on a cycle that never was, a name that was not
 * drawn, a place in a list that nobody was ever told, and texts that no item of the game has.
 */
const REFUSES_WELL_FORMED = [
  "POST /api/roulette/verify-candidate",
  "POST /api/payouts/{id}/confirm-acceptance",
  "GET /api/payouts",
  "POST /api/gift-requests/{id}/select-item",
];

function configOf({ token, desktopKey, known }: Credentials): string {
  const operations = REFUSES_WELL_FORMED.map(
    (name) => `
[[operations]]
include-name = "${name}"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409", "503"]
`,
  );
  return `
[auth.openapi.viewer]
bearer = "${token}"

[auth.openapi.desktop]
api_key = "${desktopKey}"
${operations.join("")}${known === null ? "" : idsOf(known).join("")}`;
}

function idsOf(known: NonNullable<Credentials["known"]>): string[] {
  const places = { payouts: known.payoutId, "gift-requests": known.giftRequestId, streamers: known.channel };
  return Object.entries(places).map(
    ([place, id]) => `
[[operations]]
include-path-regex = "/${place}/\\\\{id"
parameters = { "path.id" = "${id}" }
`,
  );
}
