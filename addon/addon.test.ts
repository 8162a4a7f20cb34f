import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Lua } from "wasmoon-lua5.1";
import { addonFiles, addonFolder, tocFiles } from "./test/addon-files.ts";
import { globalsOf } from "./test/bytecode.ts";

/*
 * The addon's pure files under Lua 5.1, and what can be said about all of its files without running them. How they
 * behave in the game is in in-game.test.ts.
 */

const golden = new URL("../domain/golden/", import.meta.url);
const prelude = readFileSync(new URL("test/Prelude.lua", import.meta.url));

/** A Lua state that sees the addon's folder and the golden files, with the tests of one file in its global `T`. */
async function openTests(testFile: string): Promise<Lua> {
  const lua = await Lua.create();
  for (const file of addonFiles(".lua")) lua.mountFile(`/addon/${file.name}`, file.bytes);
  for (const name of readdirSync(golden).filter((one) => one.endsWith(".tsv"))) {
    lua.mountFile(`/golden/${name}`, readFileSync(new URL(name, golden)));
  }
  lua.mountFile("/Prelude.lua", prelude);
  lua.doStringSync(`
    local function readFile(name)
      local file = assert(io.open("/golden/" .. name, "rb"))
      local text = file:read("*a")
      file:close()
      return text
    end
    T = assert(loadfile("/Prelude.lua"))("/addon", readFile)
    assert(loadfile("/addon/${testFile}"))(T)
  `);
  return lua;
}

const testFiles = addonFiles(".test.lua").map(({ name }) => name);

for (const testFile of testFiles) {
  const lua = await openTests(testFile);
  const names = String(lua.doStringSync('return table.concat(T.order, "\\n")')).split("\n");
  describe(testFile, () => {
    it.each(names)("%s", (name) => {
      lua.ctx.NAME = name;
      const problem = lua.doStringSync(`
        local fine, problem = xpcall(T.tests[NAME], debug.traceback)
        return fine and "" or tostring(problem)
      `);
      expect(problem).toBe("");
    });
  });
}

describe("the addon's folder", () => {
  const sources = addonFiles(".lua").filter(({ name }) => !name.endsWith(".test.lua"));

  it("has every file in the .toc once, and no test", () => {
    expect([...tocFiles()].sort()).toEqual(sources.map(({ name }) => name).sort());
  });

  it("says one version everywhere", () => {
    const toc = readFileSync(new URL("MimironsGoldOMatic.toc", addonFolder), "utf8");
    const core = readFileSync(new URL("Core.lua", addonFolder), "utf8");
    expect(/^## Interface: (.*)$/m.exec(toc)?.[1]).toBe("30300");
    expect(/ns\.version = "(.*)"/.exec(core)?.[1]).toBe(/^## Version: (.*)$/m.exec(toc)?.[1]);
  });

  it("says the same things in both languages, with the same places to fill in", async () => {
    const texts = async (locale: string) => {
      const lua = await Lua.create();
      for (const file of addonFiles(".lua")) lua.mountFile(`/addon/${file.name}`, file.bytes);
      return String(
        lua.doStringSync(`
          local ns = {}
          function GetLocale() return "${locale}" end
          loadfile("/addon/Locales/enUS.lua")("", ns)
          loadfile("/addon/Locales/ruRU.lua")("", ns)
          local lines = {}
          for key, text in pairs(ns.L) do table.insert(lines, key .. "=" .. text) end
          table.sort(lines)
          return table.concat(lines, "\\0")
        `),
      ).split("\0");
    };
    const [english, russian] = [await texts("enUS"), await texts("ruRU")];
    const shape = (line: string) => [line.split("=")[0], line.match(/%[a-z]/g) ?? []];
    expect(russian.map(shape)).toEqual(english.map(shape));
    const same = english.filter((line) => russian.includes(line)).map((line) => line.split("=")[0]);
    expect(same).toEqual([]);
  });

  it.each(sources)("$name begins with what it owns, and stays short", ({ name, bytes }) => {
    const text = bytes.toString("utf8");
    const owner = (name.split("/").at(-1) ?? name).replace(".lua", "");
    expect(text.startsWith(`-- ${owner}: `)).toBe(true);
    expect(text.split("\n").length).toBeLessThan(300);
    expect(text).not.toMatch(/\t|\r/);
  });

  it("has an icon of 64 by 64 in true colour with transparency", () => {
    const icon = readFileSync(new URL("Icon.tga", addonFolder));
    expect([icon[2], icon.readUInt16LE(12), icon.readUInt16LE(14), icon[16]]).toEqual([2, 64, 64, 32]);
    expect(icon.length).toBe(18 + 64 * 64 * 4);
  });

  it("is drawn by the script that says so", async () => {
    const { drawIcon } = await import("./tools/draw-icon.ts");
    expect(Buffer.compare(drawIcon(), readFileSync(new URL("Icon.tga", addonFolder)))).toBe(0);
  });
});

describe("the globals of the addon", async () => {
  const lua = await Lua.create();
  const allowed = readAllowList(lua);
  const sources = addonFiles(".lua").filter(({ name }) => !name.endsWith(".test.lua"));

  it.each(sources)("$name parses, and touches nothing but what .luacheckrc allows it", ({ name, bytes }) => {
    const { reads, writes } = globalsOf(lua, name, bytes);
    const forFile = allowed.files[`MimironsGoldOMatic/${name}`] ?? { reads: [], writes: [] };
    const readable = new Set([...allowed.language, ...allowed.reads, ...forFile.reads, ...forFile.writes]);
    expect(reads.filter((one) => !readable.has(one))).toEqual([]);
    expect(writes.filter((one) => !forFile.writes.includes(one))).toEqual([]);
  });

  it("lets no file have a permission that it does not use", () => {
    const unused: string[] = [];
    for (const [file, { reads, writes }] of Object.entries(allowed.files)) {
      const source = sources.find(({ name }) => `MimironsGoldOMatic/${name}` === file);
      if (source === undefined) {
        unused.push(file);
        continue;
      }
      const used = globalsOf(lua, source.name, source.bytes);
      unused.push(...reads.filter((one) => !used.reads.includes(one)).map((one) => `${file}: ${one}`));
      unused.push(
        ...writes
          .filter((one) => !used.writes.includes(one) && !used.reads.includes(one))
          .map((one) => `${file}: ${one}`),
      );
    }
    expect(unused).toEqual([]);
  });

  it("allows nothing that the 3.3.5a client lacks", () => {
    const everything = Object.values(allowed.files).flatMap(({ reads, writes }) => [...reads, ...writes]);
    const retail = /^(C_|Mixin|RegisterAddonMessagePrefix|IsInGroup|HasSendMailItem|JoinChannelByName|SetShown)/;
    expect([...allowed.reads, ...everything].filter((one) => retail.test(one))).toEqual([]);
  });
});

interface AllowList {
  readonly language: readonly string[];
  readonly reads: readonly string[];
  readonly files: Readonly<Record<string, { readonly reads: readonly string[]; readonly writes: readonly string[] }>>;
}

/** `.luacheckrc` is Lua itself: it is run, and its lists are read. */
function readAllowList(lua: Lua): AllowList {
  lua.mountFile("/luacheckrc", readFileSync(new URL(".luacheckrc", import.meta.url)));
  const json = String(
    lua.doStringSync(`
      local config = setmetatable({ files = {} }, { __index = { } })
      setfenv(assert(loadfile("/luacheckrc")), config)()
      local function list(names)
        local quoted = {}
        for _, name in ipairs(names or {}) do table.insert(quoted, '"' .. name .. '"') end
        return "[" .. table.concat(quoted, ",") .. "]"
      end
      local files = {}
      for file, rules in pairs(config.files) do
        if not file:find("*", 1, true) then
          table.insert(files, '"' .. file .. '":{"reads":' .. list(rules.read_globals) .. ',"writes":' .. list(rules.globals) .. "}")
        end
      end
      local language = { "string", "table", "math", "_G", "ipairs", "pairs", "next", "type", "tostring", "tonumber", "select",
        "unpack", "error", "pcall", "xpcall", "setmetatable", "getmetatable", "rawget", "rawset" }
      return '{"language":' .. list(language) .. ',"reads":' .. list(config.read_globals) .. ',"files":{' .. table.concat(files, ",") .. "}}"
    `),
  );
  return JSON.parse(json) as AllowList;
}
