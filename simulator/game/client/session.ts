import type { ChatLog } from "../chat-log/chat-log.ts";
import type { GameClock } from "../clock.ts";
import type { LuaModule } from "../vm/lua-module.external.ts";
import type { LineWatcher } from "../vm/lua-state.ts";
import { LuaState, type LuaValue } from "../vm/lua-state.ts";
import type { SavedVariablesStore } from "../vm/saved-variables.ts";
import { type Addon, chunkNameOf } from "../vm/toc.ts";
import type { ClientLink } from "../world/link.ts";
import type { World } from "../world/world.ts";
import { addChatMessage, type Client, type ClientState } from "./client.ts";
import { type GameLocale, globalStrings } from "./global-strings.ts";
import { chatFunctions } from "./host-chat.ts";
import { systemFunctions } from "./host-system.ts";
import { WhoClient } from "./host-who.ts";
import { MailClient } from "./mail-client.ts";
import { preludeChunks, unsimulatedFunctions } from "./prelude.ts";
import type { GameRecords } from "./records.ts";

/** What a session in the world is made of. */
export type SessionOptions = {
  readonly module: LuaModule;
  readonly world: World;
  readonly clock: GameClock;
  readonly locale: GameLocale;
  readonly log: ChatLog;
  readonly records: GameRecords;
  readonly addons: readonly Addon[];
  readonly savedVariables: SavedVariablesStore;
  readonly cvars: Map<string, string>;
  readonly framesPerSecond: number;
  readonly logNeedsWindow: boolean;
  readonly declinesNames: boolean;
  readonly onLine?: LineWatcher;
  /** The server or a fault makes the client die. */
  readonly onCrash: () => void;
};

/**
 * The interface between loading screen and loading screen: one Lua state. Login and /reload make a new one; what is
 * saved is written by `close`, never by `discard`.
 */
export class Session {
  readonly client: Client;
  readonly #options: SessionOptions;
  readonly #lua: LuaState;
  readonly #who: WhoClient;
  readonly #mail: MailClient;
  #isOver = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { world, clock, locale, log, records, addons, cvars, framesPerSecond } = options;
    const state: ClientState = {
      isLoggedIn: false,
      inCombat: false,
      request: undefined,
      lineId: 0,
      copper: world.inventory.copper,
      logNeedsWindow: options.logNeedsWindow,
      declinesNames: options.declinesNames,
      windowGroups: new Set(),
    };
    this.client = {
      world,
      clock,
      locale,
      log,
      records,
      addons,
      cvars,
      framesPerSecond,
      state,
      fire: (event, ...args) => {
        if (!this.#isOver) this.#lua.call("fire", event, ...args);
      },
      call: (name, ...args) => this.#lua.call(name, ...args),
    };
    this.#who = new WhoClient(this.client);
    this.#mail = new MailClient(this.client);
    const host = {
      ...systemFunctions(this.client),
      ...chatFunctions(this.client),
      ...this.#who.functions(),
      ...this.#mail.functions(),
    };
    const { onLine } = options;
    this.#lua = LuaState.open(options.module, host, onLine === undefined ? {} : { onLine });
    this.#loadPrelude();
    this.#loadAddons();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get mail(): MailClient {
    return this.#mail;
  }

  /** Raises the events of the loading screen's end. */
  enter(): void {
    const { client } = this;
    client.fire("VARIABLES_LOADED");
    client.state.isLoggedIn = true;
    client.fire("PLAYER_LOGIN");
    client.fire("UPDATE_CHAT_WINDOWS");
    client.fire("PLAYER_ENTERING_WORLD");
  }

  /** One rendered frame. */
  step(elapsedSeconds: number): void {
    this.#lua.call("step", elapsedSeconds);
  }

  /** Leaves in good order: events, saved variables, end. */
  close(): void {
    this.client.fire("PLAYER_LEAVING_WORLD");
    this.client.fire("PLAYER_LOGOUT");
    for (const addon of this.#options.addons) this.#save(addon);
    this.discard();
  }

  /** Ends without a word. */
  discard(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#lua.close();
  }

  /** What arrives from the server. */
  link(): ClientLink {
    const { client } = this;
    return {
      chat: (message, senderGuid) => addChatMessage(client, message, senderGuid),
      addonMessage: (prefix, text, kind, sender) => client.fire("CHAT_MSG_ADDON", prefix, text, kind, sender),
      who: (rows, total) => this.#who.answer(rows, total),
      mailResult: (error) => this.#mail.answer(error),
      otherMailResult: (error) => this.#mail.answerOther(error),
      money: () => {
        client.state.copper = client.world.inventory.copper;
        client.fire("PLAYER_MONEY");
      },
      bagChanged: (bag) => client.fire("BAG_UPDATE", bag),
      openMailbox: () => this.#mail.open(),
      closeMailbox: () => this.#mail.close(),
      notice: (text) => {
        client.records.screenMessages.push(text);
        addChatMessage(client, { kind: "SYSTEM", text });
      },
      crash: () => this.#options.onCrash(),
    };
  }

  /** Evaluates Lua in the game and answers plain values. */
  evaluate(source: string): LuaValue[] {
    return this.#lua.call("evaluate", source);
  }

  #loadPrelude(): void {
    for (const [index, { name, source }] of preludeChunks().entries()) {
      this.#lua.runPrelude(source, name);
      if (index > 0) continue;
      // The texts come right after the language itself: everything else may use them.
      this.#lua.runPrelude(
        "local sim = ... function sim.setGlobal(name, value) _G[name] = value end",
        "=client/strings",
      );
      for (const [key, text] of globalStrings(this.#options.locale)) this.#lua.call("setGlobal", key, text);
    }
    this.#lua.call("nameUnsimulated", unsimulatedFunctions());
  }

  #loadAddons(): void {
    for (const addon of this.#options.addons) {
      for (const file of addon.files) {
        const chunk = chunkNameOf(addon, file);
        if (this.#options.onLine !== undefined) this.#lua.watchChunk(chunk);
        this.#lua.call("runAddonFile", addon.name, chunk, file.source);
      }
      for (const file of this.#savedFiles(addon)) {
        const source = this.#options.savedVariables.read(file.name);
        if (source !== undefined) this.#lua.call("runSaved", source, `@${file.name}.lua`);
      }
      this.client.fire("ADDON_LOADED", addon.name);
    }
  }

  #save(addon: Addon): void {
    for (const { name, variables } of this.#savedFiles(addon)) {
      if (variables.length === 0) continue;
      const [source] = this.#lua.call("serialize", variables.join(" "));
      this.#options.savedVariables.write(name, String(source));
    }
  }

  #savedFiles(addon: Addon): readonly { readonly name: string; readonly variables: readonly string[] }[] {
    const { realm, streamer } = this.#options.world;
    return [
      { name: addon.name, variables: addon.savedVariables },
      { name: `${realm}-${streamer.name}-${addon.name}`, variables: addon.savedVariablesPerCharacter },
    ];
  }
}
