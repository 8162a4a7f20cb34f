import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rename } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";

/*
 * Follows our Dockerfile without a container engine: each stage is a folder, every step runs in it as it stands there.
 * What it cannot do is refused, so that a step which it does not follow fails the test.
 */

const run = promisify(execFile);
const STEP_MS = 600_000;

/** What a Dockerfile made: the last stage's working folder and settings. */
export interface BuiltFolder {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Stage {
  readonly folder: string;
  readonly environment: Record<string, string>;
}

/** Runs the steps of `dockerfile` on the files of `context`, below the empty folder `into`. */
export async function followDockerfile(dockerfile: string, context: string, into: string): Promise<BuiltFolder> {
  const isIgnored = await ignoredBy(`${dockerfile}.dockerignore`);
  const stages = new Map<string, Stage>();
  let stage: Stage | null = null;
  for (const [word, rest] of stepsOf(await readFile(dockerfile, "utf8"))) {
    if (word === "FROM") {
      const [image = "", , name = "last"] = rest.split(" ");
      const before = stages.get(image);
      stage = { folder: join(into, name), environment: { ...before?.environment } };
      if (before === undefined) await mkdir(stage.folder, { recursive: true });
      else await cp(before.folder, stage.folder, { recursive: true });
      stages.set(name, stage);
      continue;
    }
    if (stage === null) throw new Error(`${word} before FROM`);
    await follow(word, rest, stage, { context, stages, isIgnored });
  }
  if (stage === null) throw new Error("no stage");
  return stage;
}

function stepsOf(text: string): [string, string][] {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  const steps = lines.join("\n").replaceAll("\\\n", " ").split("\n");
  return steps
    .filter((step) => step.trim() !== "")
    .map((step) => {
      const [word = ""] = step.split(" ", 1);
      return [word, step.slice(word.length).trim().replaceAll(/\s+/g, " ")];
    });
}

interface Surroundings {
  readonly context: string;
  readonly stages: ReadonlyMap<string, Stage>;
  readonly isIgnored: (path: string) => boolean;
}

async function follow(word: string, rest: string, stage: Stage, around: Surroundings): Promise<void> {
  switch (word) {
    case "RUN": {
      const { PATH = "", HOME = "" } = process.env;
      const env = { PATH, HOME, ...stage.environment };
      await run("/bin/sh", ["-c", rest], { cwd: stage.folder, env, timeout: STEP_MS, maxBuffer: 1 << 26 });
      return;
    }
    case "COPY":
      return await copy(rest.split(" "), stage, around);
    case "ENV":
      for (const pair of rest.split(" ")) stage.environment[pair.split("=", 1)[0] ?? ""] = pair.replace(/^[^=]*=/, "");
      return;
    case "WORKDIR":
      if (rest !== "/app") throw new Error(`WORKDIR ${rest} is not followed`);
      return;
    case "USER":
    case "CMD":
      return;
    default:
      throw new Error(`${word} is not followed`);
  }
}

async function copy(
  words: readonly string[],
  stage: Stage,
  { context, stages, isIgnored }: Surroundings,
): Promise<void> {
  const from = words[0]?.startsWith("--from=") ? words[0].slice("--from=".length) : null;
  const paths = from === null ? words : words.slice(1);
  const to = paths.at(-1) ?? "";
  for (const path of paths.slice(0, -1)) {
    const target = join(stage.folder, to.endsWith("/") ? join(to, basename(path)) : to);
    await mkdir(dirname(target), { recursive: true });
    if (from === null) {
      const filter = (source: string) => !isIgnored(relative(context, source));
      await cp(join(context, path), target, { recursive: true, filter });
    } else {
      // Nobody asks for it twice, and node_modules take their time to be copied.
      const source = stages.get(from)?.folder ?? "";
      await rename(join(source, path.replace(/^\/app\//, "")), target);
    }
  }
}

async function ignoredBy(file: string): Promise<(path: string) => boolean> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const patterns = lines.map((line) => {
    const name = line
      .replace(/^\*\*\//, "")
      .replaceAll(".", "\\.")
      .replaceAll("*", "[^/]*");
    return new RegExp(line.startsWith("**/") ? `(^|/)${name}(/|$)` : `^${name}(/|$)`);
  });
  return (path) => patterns.some((pattern) => pattern.test(path));
}
