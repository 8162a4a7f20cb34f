import { fileURLToPath } from "node:url";
import { type EngineProcess, startEngineProcess } from "../../engines/engine-process.ts";
import { runHelper } from "../../engines/program-search.ts";
import type { ComposeFile } from "./compose.ts";
import type { BuiltFolder } from "./dockerfile.ts";

/*
 * Runs the services of a compose file as plain processes: the commands and settings that stand there, with paths and
 * addresses of containers replaced by those of this machine.
 */

const SCRIPTS = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const JOB_MS = 180_000;

/** What takes the place of the containers' surroundings. */
export interface PlainSurroundings {
  readonly image: BuiltFolder;
  readonly secretsFolder: string;
  /** Folders of programs that images bring along. */
  readonly path: string;
  /** What to put in the place of values or their beginnings, such as `temporal:7233`. */
  readonly replaced: Readonly<Record<string, string>>;
  /** Settings per service that a container need not have, ports above all. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The services of a compose file on this machine. */
export class PlainDeployment {
  readonly #compose: ComposeFile;
  readonly #around: PlainSurroundings;
  readonly #running: EngineProcess[] = [];

  constructor(compose: ComposeFile, around: PlainSurroundings) {
    this.#compose = compose;
    this.#around = around;
  }

  /** Runs a service that ends by itself. */
  async job(name: string): Promise<{ isGood: boolean; report: string }> {
    return await runHelper({ ...this.#command(name), timeoutMs: JOB_MS });
  }

  /** Runs another program with all that a service has, as `docker compose run --rm <name> <command>` does. */
  async run(name: string, command: readonly string[]): Promise<{ isGood: boolean; report: string }> {
    return await runHelper({ ...this.#command(name, command), timeoutMs: JOB_MS });
  }

  /** Starts a service that stays. */
  start(name: string, log: (line: string) => void): EngineProcess {
    const service = startEngineProcess({ name, ...this.#command(name), log });
    this.#running.push(service);
    return service;
  }

  /** Ends what runs, the last first. */
  async stop(): Promise<void> {
    for (const service of this.#running.reverse()) {
      await service.stop([
        ["SIGTERM", 30_000],
        ["SIGKILL", 5_000],
      ]);
    }
  }

  #command(
    name: string,
    instead?: readonly string[],
  ): { program: string; args: string[]; env: Record<string, string>; cwd: string } {
    const { image, path, settings } = this.#around;
    const service = this.#compose.services[name];
    if (service === undefined) throw new Error(`no service ${name}`);
    const [program = "", ...args] = [...(service.entrypoint ?? []), ...(instead ?? service.command ?? [])];
    const isOurs = program === "node";
    const given = Object.entries(service.environment ?? {}).map(([key, value]) => [key, this.#here(value)]);
    return {
      program: isOurs ? process.execPath : program,
      args: args.map((arg) => this.#here(arg)),
      env: { PATH: path, ...(isOurs ? image.environment : {}), ...Object.fromEntries(given), ...settings[name] },
      cwd: image.folder,
    };
  }

  #here(value: string): string {
    const { secretsFolder, replaced } = this.#around;
    const all = { "/run/secrets": secretsFolder, "/scripts": SCRIPTS, ...replaced };
    for (const [there, here] of Object.entries(all)) {
      if (value === there || value.startsWith(`${there}/`)) return here + value.slice(there.length);
    }
    return value;
  }
}
