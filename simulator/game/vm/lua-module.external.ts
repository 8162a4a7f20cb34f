import { LuaApi } from "wasmoon-lua5.1";

/*
 * The raw Lua 5.1 C API. wasmoon's own bindings turn strings into UTF-16 and cut argument lists at nil, so the simulator
 * speaks to the C functions itself: pointers and numbers only.
 */

/** Address of a `lua_State`. */
export type LuaPointer = number;

/** The functions of the WASM module that we call, with the C API's own names and argument orders. */
export type LuaModule = {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  addFunction(callback: (...args: number[]) => number | undefined, signature: string): number;
  removeFunction(pointer: number): void;
  _malloc(size: number): number;
  _free(pointer: number): void;
  _luaL_newstate(): LuaPointer;
  _luaL_openlibs(L: LuaPointer): void;
  _luaL_loadbuffer(L: LuaPointer, buffer: number, size: number, name: number): number;
  _luaL_ref(L: LuaPointer, table: number): number;
  _lua_close(L: LuaPointer): void;
  _lua_gettop(L: LuaPointer): number;
  _lua_settop(L: LuaPointer, index: number): void;
  _lua_checkstack(L: LuaPointer, size: number): number;
  _lua_type(L: LuaPointer, index: number): number;
  _lua_tonumber(L: LuaPointer, index: number): number;
  _lua_toboolean(L: LuaPointer, index: number): number;
  _lua_tolstring(L: LuaPointer, index: number, length: number): number;
  _lua_pushnil(L: LuaPointer): void;
  _lua_pushnumber(L: LuaPointer, value: number): void;
  _lua_pushboolean(L: LuaPointer, value: number): void;
  _lua_pushlstring(L: LuaPointer, pointer: number, length: number): void;
  _lua_pushcclosure(L: LuaPointer, callback: number, upvalues: number): void;
  _lua_pushvalue(L: LuaPointer, index: number): void;
  _lua_createtable(L: LuaPointer, array: number, record: number): void;
  _lua_rawset(L: LuaPointer, index: number): void;
  _lua_rawget(L: LuaPointer, index: number): void;
  _lua_rawgeti(L: LuaPointer, index: number, n: number): void;
  _lua_insert(L: LuaPointer, index: number): void;
  _lua_pcall(L: LuaPointer, args: number, results: number, handler: number): number;
  _lua_error(L: LuaPointer): number;
  _lua_sethook(L: LuaPointer, hook: number, mask: number, count: number): void;
  _lua_getinfo(L: LuaPointer, what: number, ar: number): number;
};

/** Indices and masks of lua.h that the simulator uses. */
export const LUA = {
  registry: -10000,
  /** The first upvalue of a C closure. */
  upvalue: -10003,
  multipleResults: -1,
  maskLine: 4,
  maskCount: 8,
  eventLine: 2,
  type: { nil: 0, boolean: 1, number: 3, string: 4 },
} as const;

let loading: Promise<LuaModule> | undefined;

/** The module, loaded once per process; every game client gets its own `lua_State` in it. */
export function loadLuaModule(): Promise<LuaModule> {
  loading ??= LuaApi.initialize().then(({ module }) => module as unknown as LuaModule);
  return loading;
}
