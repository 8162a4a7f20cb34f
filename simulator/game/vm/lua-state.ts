import { LUA, type LuaModule, type LuaPointer, loadLuaModule } from "./lua-module.external.ts";
import { decodeBytes, encodeText } from "./lua-text.ts";

/** What crosses between Lua and JavaScript: no tables, no functions. `undefined` is nil. */
export type LuaValue = string | number | boolean | undefined;

/** Functions that Lua may call. Several results are an array; holes in it are nil. */
export type HostFunctions = Readonly<Record<string, (...args: LuaValue[]) => LuaValue | readonly LuaValue[]>>;

/** An error that nobody in Lua caught. */
export class LuaError extends Error {
  override readonly name = "LuaError";
}

/** How many VM instructions one call from outside may take before it counts as an endless loop. */
const DEFAULT_BUDGET = 40_000_000;
const COUNT_STEP = 10_000;
const SCRATCH_BYTES = 4096;

/** Told of every line that runs in a chunk that was registered with `watchChunk`. */
export type LineWatcher = (chunkName: string, line: number) => void;

/** `budget`: VM instructions of one call from outside; `onLine` makes every line slower. */
export type LuaStateOptions = { readonly budget?: number; readonly onLine?: LineWatcher };

/**
 * One Lua 5.1 state: chunks in, calls both ways. Strings cross as bytes (see lua-text). The table `sim` is handed to
 * every chunk of our own, holds the host functions in `sim.host` and the functions that `call` may name.
 */
export class LuaState {
  readonly #m: LuaModule;
  readonly #main: LuaPointer;
  readonly #budget: number;
  readonly #functions: number[] = [];
  readonly #watched = new Map<number, string>();
  #simRef = 0;
  #tracebackRef = 0;
  /** The coroutine that is running; calls from inside a host function continue on it. */
  #current: LuaPointer;
  #depth = 0;
  #instructions = 0;
  #scratch: number;
  #scratchSize = SCRATCH_BYTES;
  #closed = false;

  static async create(host: HostFunctions, options?: LuaStateOptions): Promise<LuaState> {
    return LuaState.open(await loadLuaModule(), host, options);
  }

  private constructor(module: LuaModule, budget: number) {
    this.#m = module;
    this.#budget = budget;
    this.#main = module._luaL_newstate();
    this.#current = this.#main;
    this.#scratch = module._malloc(SCRATCH_BYTES);
    module._luaL_openlibs(this.#main);
  }

  /** Opens a state in a module that is loaded. */
  static open(module: LuaModule, host: HostFunctions, options: LuaStateOptions = {}): LuaState {
    const state = new LuaState(module, options.budget ?? DEFAULT_BUDGET);
    state.#installSim(host);
    state.#installTraceback();
    state.#installHook(options.onLine);
    return state;
  }

  /** Runs a chunk with the table `sim` as its only argument. */
  runPrelude(source: string, chunkName: string): void {
    this.#enter((L) => {
      this.#load(L, source, chunkName);
      this.#m._lua_rawgeti(L, LUA.registry, this.#simRef);
      return { args: 1 };
    });
  }

  /** Calls `sim[name]`. Throws LuaError where Lua raises. */
  call(name: string, ...args: readonly LuaValue[]): LuaValue[] {
    return this.#enter((L) => {
      this.#m._lua_rawgeti(L, LUA.registry, this.#simRef);
      this.#push(L, name);
      this.#m._lua_rawget(L, -2);
      this.#m._lua_insert(L, -2);
      this.#m._lua_settop(L, -2);
      for (const arg of args) this.#push(L, arg);
      return { args: args.length };
    });
  }

  /** From now on the line watcher hears of this chunk. Lua keeps one copy of equal strings, so the address tells. */
  watchChunk(chunkName: string): void {
    const L = this.#current;
    this.#push(L, chunkName);
    this.#watched.set(this.#m._lua_tolstring(L, -1, 0), chunkName);
    this.#m._luaL_ref(L, LUA.registry);
  }

  close(): void {
    if (this.#closed) return;
    if (this.#depth > 0) throw new Error("a Lua state cannot be closed from inside a call");
    this.#closed = true;
    this.#m._lua_close(this.#main);
    this.#m._free(this.#scratch);
    for (const pointer of this.#functions) this.#m.removeFunction(pointer);
  }

  #enter(prepare: (L: LuaPointer) => { args: number }): LuaValue[] {
    if (this.#closed) throw new LuaError("the game client is closed");
    const m = this.#m;
    const L = this.#current;
    const top = m._lua_gettop(L);
    if (this.#depth === 0) this.#instructions = 0;
    this.#depth += 1;
    try {
      m._lua_checkstack(L, 64);
      m._lua_rawgeti(L, LUA.registry, this.#tracebackRef);
      const { args } = prepare(L);
      const status = m._lua_pcall(L, args, LUA.multipleResults, top + 1);
      const results = this.#read(L, top + 2);
      if (status !== 0) throw new LuaError(String(results[0]));
      return results;
    } finally {
      m._lua_settop(L, top);
      this.#depth -= 1;
    }
  }

  #load(L: LuaPointer, source: string, chunkName: string): void {
    const m = this.#m;
    const bytes = encodeText(source);
    const name = Buffer.concat([encodeText(chunkName), Buffer.of(0)]);
    const pointer = m._malloc(bytes.length + name.length);
    m.HEAPU8.set(bytes, pointer);
    m.HEAPU8.set(name, pointer + bytes.length);
    const status = m._luaL_loadbuffer(L, pointer, bytes.length, pointer + bytes.length);
    m._free(pointer);
    if (status !== 0) throw new LuaError(String(this.#read(L, m._lua_gettop(L))[0]));
  }

  #installSim(host: HostFunctions): void {
    const m = this.#m;
    const L = this.#main;
    const names = Object.keys(host);
    const callbacks = Object.values(host);
    const dispatch = this.#register((state = 0) => {
      const callback = callbacks[m._lua_tonumber(state, LUA.upvalue)];
      const outer = this.#current;
      this.#current = state;
      let failure = "";
      let count = 0;
      try {
        const result = callback?.(...this.#read(state, 1));
        m._lua_settop(state, 0);
        const results = Array.isArray(result) ? (result as readonly LuaValue[]) : [result as LuaValue];
        m._lua_checkstack(state, results.length + 8);
        for (const value of results) this.#push(state, value);
        count = results.length;
      } catch (error) {
        // What Lua itself throws through us (its longjmp) is no Error and must go on.
        if (!(error instanceof Error)) throw error;
        failure = error.message;
      } finally {
        this.#current = outer;
      }
      if (failure !== "") {
        this.#push(state, failure);
        return m._lua_error(state);
      }
      return count;
    }, "ii");
    m._lua_createtable(L, 0, 1);
    this.#push(L, "host");
    m._lua_createtable(L, 0, names.length);
    names.forEach((name, index) => {
      this.#push(L, name);
      m._lua_pushnumber(L, index);
      m._lua_pushcclosure(L, dispatch, 1);
      m._lua_rawset(L, -3);
    });
    m._lua_rawset(L, -3);
    this.#simRef = m._luaL_ref(L, LUA.registry);
  }

  #installTraceback(): void {
    const m = this.#m;
    const L = this.#main;
    this.#load(L, "local t = debug.traceback return function(e) return t(tostring(e), 2) end", "=traceback");
    m._lua_pcall(L, 0, 1, 0);
    this.#tracebackRef = m._luaL_ref(L, LUA.registry);
  }

  #installHook(onLine: LineWatcher | undefined): void {
    const m = this.#m;
    const source = m._malloc(4);
    m.HEAPU8.set(Buffer.from("Sl\0"), source);
    const hook = this.#register((L = 0, ar = 0) => {
      const base = ar >> 2;
      if (m.HEAPU32[base] === LUA.eventLine) {
        m._lua_getinfo(L, source, ar);
        // lua_Debug: event, name, namewhat, what, source, currentline.
        const chunk = this.#watched.get(m.HEAPU32[base + 4] ?? 0);
        if (chunk !== undefined) onLine?.(chunk, m.HEAPU32[base + 5] ?? 0);
        return undefined;
      }
      this.#instructions += COUNT_STEP;
      if (this.#instructions > this.#budget) {
        this.#push(L, "script ran too long");
        m._lua_error(L);
      }
      return undefined;
    }, "vii");
    m._lua_sethook(this.#main, hook, LUA.maskCount | (onLine === undefined ? 0 : LUA.maskLine), COUNT_STEP);
  }

  #register(callback: (...args: number[]) => number | undefined, signature: string): number {
    const pointer = this.#m.addFunction(callback, signature);
    this.#functions.push(pointer);
    return pointer;
  }

  #read(L: LuaPointer, from: number): LuaValue[] {
    const top = this.#m._lua_gettop(L);
    const values: LuaValue[] = [];
    for (let index = from; index <= top; index++) values.push(this.#readOne(L, index));
    return values;
  }

  #readOne(L: LuaPointer, index: number): LuaValue {
    const m = this.#m;
    switch (m._lua_type(L, index)) {
      case LUA.type.boolean:
        return m._lua_toboolean(L, index) !== 0;
      case LUA.type.number:
        return m._lua_tonumber(L, index);
      case LUA.type.string: {
        const pointer = m._lua_tolstring(L, index, this.#scratch);
        const length = m.HEAPU32[this.#scratch >> 2] ?? 0;
        return decodeBytes(m.HEAPU8.subarray(pointer, pointer + length));
      }
      default:
        return undefined;
    }
  }

  #push(L: LuaPointer, value: LuaValue): void {
    const m = this.#m;
    if (value === undefined) m._lua_pushnil(L);
    else if (typeof value === "number") m._lua_pushnumber(L, value);
    else if (typeof value === "boolean") m._lua_pushboolean(L, value ? 1 : 0);
    else {
      const bytes = encodeText(value);
      if (bytes.length > this.#scratchSize) {
        m._free(this.#scratch);
        this.#scratchSize = bytes.length * 2;
        this.#scratch = m._malloc(this.#scratchSize);
      }
      m.HEAPU8.set(bytes, this.#scratch);
      m._lua_pushlstring(L, this.#scratch, bytes.length);
    }
  }
}
