import { executableLines } from "./bytecode.ts";
import type { LuaModule } from "./lua-module.external.ts";
import { type Addon, chunkNameOf } from "./toc.ts";

/** How much of one file ran. */
export type FileCoverage = {
  readonly file: string;
  readonly lines: number;
  readonly executed: number;
  readonly missing: readonly number[];
};

/**
 * Counts which lines of addon files ran, over any number of games. A line counts if the compiler made code for it; what
 * the compiler never sees (comments, blank lines, `end` without code) does not.
 */
export class LineCoverage {
  readonly #executable = new Map<string, ReadonlySet<number>>();
  readonly #executed = new Map<string, Set<number>>();

  /** Makes an addon's files known, so that files that never run count as well. */
  register(addon: Addon, module: LuaModule): void {
    for (const file of addon.files) {
      const chunk = chunkNameOf(addon, file);
      if (this.#executable.has(chunk)) continue;
      this.#executable.set(chunk, executableLines(module, file.source, chunk));
      this.#executed.set(chunk, new Set());
    }
  }

  /** For LuaState: a line ran. */
  readonly onLine = (chunk: string, line: number): void => {
    this.#executed.get(chunk)?.add(line);
  };

  /** All files, in the order in which they became known. */
  files(): FileCoverage[] {
    return [...this.#executable].map(([chunk, lines]) => {
      const executed = this.#executed.get(chunk) ?? new Set<number>();
      const missing = [...lines].filter((line) => !executed.has(line)).sort((a, b) => a - b);
      const file = chunk.replace(/^@Interface\\AddOns\\/, "").replaceAll("\\", "/");
      return { file, lines: lines.size, executed: lines.size - missing.length, missing };
    });
  }

  /** Executed lines in percent of all that could run. */
  percent(): number {
    const files = this.files();
    const lines = files.reduce((sum, one) => sum + one.lines, 0);
    return lines === 0 ? 100 : (100 * files.reduce((sum, one) => sum + one.executed, 0)) / lines;
  }
}
