import type { HostFunctions, LuaValue } from "../vm/lua-state.ts";
import type { Client, ClientRequest } from "./client.ts";

const CVARS: Readonly<Record<string, string>> = {
  chatstyle: "classic",
  scripterrors: "1",
  profanityfilter: "0",
  maxfps: "60",
  maxfpsbk: "30",
};

/** Time, the character, settings, addons, errors. */
export function systemFunctions(client: Client): HostFunctions {
  const { world, clock, records, addons, cvars, state } = client;
  const addonBy = (which: LuaValue) =>
    typeof which === "number"
      ? addons[which - 1]
      : addons.find(({ name }) => name.toLowerCase() === String(which).toLowerCase());
  return {
    script_error: (message, traceback) => {
      records.luaErrors.push(`${message}\n${traceback}`);
    },
    random_seed: () => Math.floor(world.random() * 2 ** 31),
    get_time: () => clock.uptimeSeconds,
    unix_time: () => Math.floor(clock.nowMs / 1_000),
    locale: () => client.locale,
    realm: () => world.realm,
    framerate: () => client.framesPerSecond,
    player: (field) => {
      const { streamer } = world;
      const fields: Readonly<Record<string, LuaValue>> = {
        name: streamer.name,
        level: streamer.level,
        guid: streamer.guid,
        faction: streamer.faction,
        class: streamer.class,
        race: streamer.race,
        zone: streamer.zone,
        afk: streamer.afk,
      };
      return fields[String(field)];
    },
    in_combat: () => state.inCombat,
    logged_in: () => state.isLoggedIn,
    money: () => state.copper,
    cvar: (name) => cvars.get(String(name)) ?? CVARS[String(name)],
    set_cvar: (name, value) => {
      cvars.set(String(name), String(value));
    },
    request: (what) => {
      state.request = what as ClientRequest;
    },
    console: (text) => {
      if (/^reloadui$/i.test(String(text).trim())) state.request = "reload";
    },
    addon_count: () => addons.length,
    addon_info: (which) => {
      const addon = addonBy(which);
      return addon === undefined ? [] : [addon.name, addon.metadata.get("title"), addon.metadata.get("notes")];
    },
    addon_metadata: (which, key) => addonBy(which)?.metadata.get(String(key).toLowerCase()),
    addon_loaded: (which) => addonBy(which) !== undefined,
    current_addon: () => addons.at(-1)?.name ?? "",
    forbidden: (name) => {
      records.forbidden.push(String(name));
    },
    screen_message: (_frame, text) => {
      records.screenMessages.push(String(text));
    },
    sound: (name) => {
      records.sounds.push(String(name));
    },
    stray_key: (text) => {
      records.strayKeys += String(text);
    },
    screenshot: () => {
      records.screenshots += 1;
    },
    ...BIT_FUNCTIONS,
  };
}

const fold = (step: (a: number, b: number) => number, start: number) => {
  return (...args: readonly LuaValue[]) => args.reduce<number>((a, b) => step(a, Number(b)) >>> 0, start >>> 0);
};

const BIT_FUNCTIONS: HostFunctions = {
  bit_band: fold((a, b) => a & b, -1),
  bit_bor: fold((a, b) => a | b, 0),
  bit_bxor: fold((a, b) => a ^ b, 0),
  bit_bnot: (a) => ~Number(a) >>> 0,
  bit_lshift: (a, by) => (Number(by) > 31 ? 0 : (Number(a) << Number(by)) >>> 0),
  bit_rshift: (a, by) => (Number(by) > 31 ? 0 : (Number(a) >>> 0) >>> Number(by)),
  bit_arshift: (a, by) => (Number(a) >> Math.min(31, Number(by))) >>> 0,
  bit_mod: (a, b) => Number(a) % Number(b),
};
