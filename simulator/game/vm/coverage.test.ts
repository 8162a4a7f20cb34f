import { describe, expect, it } from "vitest";
import { startGame } from "../game.ts";
import { LineCoverage } from "./coverage.ts";
import { inlineAddon } from "./toc.ts";

const SOURCE = `local used = 1
-- a comment

local function never()
  return used
end

function Half(value)
  if value then
    return "yes"
  end
  return "no"
end
`;

describe("line coverage", () => {
  it("counts lines with code, those of functions that were never made too, over several games", async () => {
    const addon = inlineAddon("Cov", {
      "Cov.toc": "## Interface: 30300\nCov.lua\nUnused.lua",
      "Cov.lua": SOURCE,
      "Unused.lua": "",
    });
    const coverage = new LineCoverage();
    const run = async (lua: string) => {
      const game = await startGame({ addons: [addon], coverage });
      game.run(lua);
      game.close();
    };
    await run("Half(true)");
    const [file, empty] = coverage.files();
    expect(file).toMatchObject({ file: "Cov/Cov.lua", missing: [5, 12] });
    expect(empty).toMatchObject({ lines: 0 });
    const before = coverage.percent();
    await run("Half(false)");
    expect(coverage.files()[0]?.missing).toEqual([5]);
    expect(coverage.percent()).toBeGreaterThan(before);
    expect(coverage.percent()).toBeLessThan(100);
  });

  it("sees lines in coroutines", async () => {
    const addon = inlineAddon("Co", {
      "Co.toc": "## Interface: 30300\nCo.lua",
      "Co.lua": "function Go()\n  done = 1\nend",
    });
    const coverage = new LineCoverage();
    const game = await startGame({ addons: [addon], coverage });
    game.run("coroutine.wrap(function() Go() end)()");
    game.close();
    expect(coverage.files()[0]?.missing).toEqual([]);
  });
});
