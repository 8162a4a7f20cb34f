import { afterEach, describe, expect, it } from "vitest";
import { type HostFunctions, LuaState, type LuaValue } from "./lua-state.ts";
import { byteLength, cutBytes, decodeBytes, encodeText } from "./lua-text.ts";

const open: LuaState[] = [];
async function state(host: HostFunctions = {}, options?: Parameters<typeof LuaState.create>[1]): Promise<LuaState> {
  const made = await LuaState.create(host, options);
  open.push(made);
  return made;
}
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

describe("values on their way between Lua and JavaScript", () => {
  it("keep nil holes and trailing nils in both directions", async () => {
    const seen: LuaValue[][] = [];
    const host: HostFunctions = {
      echo: (...args) => {
        seen.push(args);
        return args;
      },
    };
    const vm = await state(host);
    vm.runPrelude(
      "local sim = ... function sim.go(...) return select('#', sim.host.echo(...)), sim.host.echo(...) end",
      "=t",
    );
    expect(vm.call("go", 1, undefined, "x", undefined)).toEqual([4, 1, undefined, "x", undefined]);
    expect(seen[0]).toEqual([1, undefined, "x", undefined]);
  });

  it("keep every byte of a string, and # counts bytes", async () => {
    const vm = await state();
    vm.runPrelude("local sim = ... function sim.len(s) return #s, s, s:byte(1), s:sub(1, 3) end", "=t");
    const cut = vm.call("len", "Юля");
    expect(cut.slice(0, 3)).toEqual([6, "Юля", 0xd0]);
    expect([...encodeText(String(cut[3]))]).toEqual([0xd0, 0xae, 0xd0]);
    expect(vm.call("len", cut[3])[0]).toBe(3);
    expect(vm.call("len", "a\0b")[0]).toBe(3);
  });

  it("keep any bytes at all", () => {
    const bytes = Uint8Array.from({ length: 1024 }, (_, index) => (index * 37) & 0xff);
    expect([...encodeText(decodeBytes(bytes))]).toEqual([...bytes]);
    expect(byteLength(cutBytes("ЖЖ", 3))).toBe(3);
  });

  it("let host functions be called from coroutines and call back into Lua", async () => {
    const ref: { vm?: LuaState } = {};
    const vm = await state({ again: (value) => ref.vm?.call("twice", value) ?? [] });
    ref.vm = vm;
    vm.runPrelude(
      `local sim = ...
       function sim.twice(n) return n * 2 end
       function sim.go() return coroutine.wrap(function() return sim.host.again(21) end)() end`,
      "=t",
    );
    expect(vm.call("go")).toEqual([42]);
  });
});

describe("trouble in Lua", () => {
  it("comes out as LuaError with a traceback, and the state stays usable", async () => {
    const vm = await state();
    vm.runPrelude("local sim = ... function sim.bad() error('boom') end function sim.good() return 1 end", "=t");
    expect(() => vm.call("bad")).toThrow(/boom[\s\S]*traceback/);
    expect(vm.call("good")).toEqual([1]);
  });

  it("raised by a host function can be caught by Lua", async () => {
    const vm = await state({
      fail: () => {
        throw new Error("no such thing");
      },
    });
    vm.runPrelude("local sim = ... function sim.go() return pcall(sim.host.fail) end", "=t");
    expect(vm.call("go")).toEqual([false, "no such thing"]);
  });

  it("of the endless kind is stopped by the budget", async () => {
    const vm = await state({}, { budget: 100_000 });
    vm.runPrelude("local sim = ... function sim.go() while true do end end", "=t");
    expect(() => vm.call("go")).toThrow(/too long/);
  });

  it("cannot be made worse by closing the state under a running call", async () => {
    const ref: { vm?: LuaState } = {};
    const vm = await state({ close: () => ref.vm?.close() ?? [] });
    ref.vm = vm;
    vm.runPrelude("local sim = ... function sim.go() sim.host.close() end", "=t");
    expect(() => vm.call("go")).toThrow(/inside a call/);
  });

  it("in a chunk that does not compile names the chunk", async () => {
    const vm = await state();
    expect(() => vm.runPrelude("x = = 1", "@Bad.lua")).toThrow(/Bad\.lua:1/);
  });
});
