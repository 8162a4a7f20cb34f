import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ROOT, readPage, readPages } from "../make/page.ts";
import { FOLLOWED_PAGES, RUN_COMMANDS } from "./commands.ts";

const SHELLS = new Set(["sh", "bash", "shell", "console", "powershell"]);
const NOT_RUN = /^not-run="[^"]{5,}"$/;

const pages = readPages();
const blocks = pages
  .filter(({ path }) => !FOLLOWED_PAGES.some(({ page }) => page === path))
  .flatMap((page) => page.blocks.map((block) => ({ page: page.path, ...block })));
const shellBlocks = blocks.filter(({ language }) => SHELLS.has(language));
/** A command a line; a line that ends in a backslash goes on. */
const commands = shellBlocks
  .filter(({ remarks }) => !NOT_RUN.test(remarks))
  .flatMap(({ page, text }) =>
    text
      .replaceAll(/\\\n\s*/g, "")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
      .map((command) => ({ page, command })),
  );

describe("blocks of code", () => {
  it("are fenced, and say what they hold", () => {
    const bare = blocks.filter(({ isFenced, language }) => !isFenced || language === "");
    expect(bare.map(({ page, text }) => `${page}: ${text.slice(0, 60)}`)).toEqual([]);
  });

  it("of a shell say nothing else behind their fence than why they are not run", () => {
    expect(shellBlocks.filter(({ remarks }) => remarks !== "" && !NOT_RUN.test(remarks))).toEqual([]);
  });
});

describe("commands that pages show", () => {
  it.each(FOLLOWED_PAGES)("are run from $page by $by", ({ page, by }) => {
    expect(pages.map(({ path }) => path)).toContain(page);
    expect(readFileSync(join(ROOT, by), "utf8")).toContain(page);
  });

  it("are each run by somebody", () => {
    const isListed = (command: string): boolean => RUN_COMMANDS.some((one) => one.command === command);
    expect(commands.filter(({ command }) => !isListed(command))).toEqual([]);
  });

  it("are not listed when no page shows them any more", () => {
    const shown = new Set(commands.map(({ command }) => command));
    expect(RUN_COMMANDS.filter(({ command }) => !shown.has(command))).toEqual([]);
  });

  it.each(RUN_COMMANDS)("$command is run by $by", ({ by, proof }) => {
    expect(existsSync(join(ROOT, by))).toBe(true);
    expect(readFileSync(join(ROOT, by), "utf8")).toContain(proof);
  });

  it.each(RUN_COMMANDS.flatMap(({ command, by }) => [...mainOf(command)].map((main) => ({ command, by, main }))))(
    "$command starts $main, and so does $by",
    ({ by, main }) => {
      expect(namedFiles(by)).toContain(main);
    },
  );
});

/** The program that a script of the whole project starts. */
function mainOf(command: string): string[] {
  const [, script = ""] = /\bnpm run ([\w:-]+)(?!.* -w )/.exec(command) ?? [];
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  return /\S+\.ts\b/.exec(scripts[script] ?? "") ?? [];
}

/** The source files that a file names in quotes, from its own folder or from the project's. */
function namedFiles(file: string): string[] {
  const quoted = [...readFileSync(join(ROOT, file), "utf8").matchAll(/"([\w./-]+\.ts)"/g)].map(([, path = ""]) => path);
  return quoted.flatMap((path) => [normalize(path), normalize(join(dirname(file), path))]);
}

const extensionBuild = RUN_COMMANDS.find(({ command }) => command.endsWith("npm run build -w extension"));

describe("the build of the extension, as its page shows it", () => {
  it("makes the archive, and pages that ask the address given", async () => {
    expect(commands).toContainEqual({ page: "docs/how-to/extension.md", command: extensionBuild?.command });
    const { stdout } = await promisify(execFile)("sh", ["-c", extensionBuild?.command ?? "false"], { cwd: ROOT });
    expect(readPage("docs/how-to/extension.md").spans).toContain("extension/.build/extension.zip");
    expect(stdout).toContain("extension/.build/extension.zip");
    expect(stdout).not.toContain("VITE_EBS_URL");
    const panel = readFileSync(join(ROOT, "extension/.build/pages/panel.html"), "utf8");
    expect(panel).toContain('content="https://gold.example.org"');
  });
});
