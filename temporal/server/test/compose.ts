import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { findGoPrograms } from "../../engines/go-programs.ts";

const run = promisify(execFile);

/** A service of a compose file whose references, anchors and defaults are resolved. */
export interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly secrets?: readonly { readonly source: string }[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** What is looked at of a compose file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/**
 * Reads and judges a compose file as `docker compose config` does: by the specification's own library, whose program knows
 * nothing of an operator's settings. `as written` leaves what they fill in as it stands there.
 */
export async function readCompose(file: string, how: "filled" | "as written" = "filled"): Promise<ComposeFile> {
  const folder = await findGoPrograms(
    {
      title: "the reader of compose files",
      folder: "compose-go-v2.16.2",
      programs: { "compose-config": "github.com/compose-spec/compose-go/v2/cmd@v2.16.2" },
    },
    { env: process.env, onProgress: (line) => void process.stderr.write(`${line}\n`) },
  );
  const flags = how === "as written" ? ["-no-interpolation"] : [];
  const { stdout } = await run(join(folder, "compose-config"), [...flags, "-format", "json", file], {
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout) as ComposeFile;
}
