import { mkdir, rm } from "node:fs/promises";
import type { EventCode } from "../wire/event-codes.ts";
import type { ActionResult, DesktopAction } from "../wire/protocol.ts";
import type { DesktopSettings, DesktopState, EventRow, SetupState } from "../wire/state.ts";
import { act } from "./actions/act.ts";
import type { ApiKeyStore, KeptApiKey } from "./api-key/api-key-store.ts";
import type { BridgeAlert, BridgeOptions } from "./bridge-options.ts";
import { BridgeRunner, type Connection } from "./bridge-runner.ts";
import type { Clock } from "./clock.ts";
import type { DesktopInput, OpenInput } from "./desktop-input.ts";
import { findGames } from "./game-folder/find-games.ts";
import { findLog } from "./game-folder/game-folder.ts";
import { desktopIdentity } from "./identity.ts";
import { filesOf, type Machine } from "./settings/data-folder.ts";
import { defaultSettings } from "./settings/settings.ts";
import { SettingsFile } from "./settings/settings-file.ts";
import type { Sight } from "./sights.ts";
import { Alarm } from "./state/alarm.ts";
import { AlertBoard } from "./state/alert-board.ts";
import { buildState } from "./state/build-state.ts";
import { EventLog } from "./state/event-log.ts";
import { Memory } from "./state/memory.ts";
import { Narrator } from "./state/narrator.ts";
import { StateFeed } from "./state/state-feed.ts";
import { Store } from "./store/store.ts";

/*
 * The streamer's app without its window: settings, key, store, the bridge that runs on them, and what a window is shown.
 *
 *   settings, API key ──connect──► bridge ──sights──► memory, narrator, alarm ──► state ──► windows
 *        ▲                           ▲                                                        │
 *        └───────────────────────────┴──────────────── actions ◄──────────────────────────────┘
 *
 * A start without settings works: nothing is connected, and the window leads through the set-up.
 */

/** What a desktop is made of. */
export interface DesktopOptions {
  /** Made when it is not there; one desktop at a time has it. */
  readonly dataFolder: string;
  readonly desktopVersion: string;
  readonly machine: Machine & { readonly locale: string };
  readonly clock: Clock;
  readonly openInput: OpenInput;
  /** Where this desktop's API key is kept. */
  readonly openApiKeys: (desktopId: string) => ApiKeyStore;
  /** The desktop cannot go on: its store is broken. */
  readonly onFailure: (fault: unknown) => void;
}

interface DesktopParts {
  readonly store: Store;
  readonly desktopId: string;
  readonly settings: SettingsFile;
  readonly apiKeys: ApiKeyStore;
  readonly input: DesktopInput;
}

const LOOK_MS = 1_000;
/** Every so many looks: the screen, a missing log, payouts that need attention. */
const SCREEN_LOOKS = 3;
const LOG_LOOKS = 10;
const ATTENTION_LOOKS = 60;

/** A desktop that runs. */
export class Desktop {
  readonly desktopId: string;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly store: Store;
  readonly settings: SettingsFile;
  readonly memory = new Memory();
  readonly alerts = new AlertBoard();
  readonly events: EventLog;
  readonly feed: StateFeed;
  readonly #options: DesktopOptions;
  readonly #input: DesktopInput;
  readonly #apiKeys: ApiKeyStore;
  readonly #alarm: Alarm;
  readonly #narrator: Narrator;
  readonly #runner: BridgeRunner;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<(sight: Sight) => void>();
  #apiKey: KeptApiKey | null = null;
  #logPath: string | null = null;
  #foundGameFolders: readonly string[] = [];
  #watching: Promise<void> = Promise.resolve();
  #connecting: Promise<void> = Promise.resolve();

  private constructor(options: DesktopOptions, parts: DesktopParts) {
    const { store, desktopId, settings, apiKeys, input } = parts;
    this.#options = options;
    this.desktopId = desktopId;
    this.machine = options.machine;
    this.clock = options.clock;
    this.store = store;
    this.settings = settings;
    this.#apiKeys = apiKeys;
    this.#input = input;
    this.events = new EventLog(store);
    this.#alarm = new Alarm({ store, alerts: this.alerts, events: this.events });
    this.#narrator = new Narrator({ store, events: this.events, memory: this.memory });
    this.feed = new StateFeed(() => this.#build());
    this.#runner = new BridgeRunner({
      makeOptions: (connection) => this.#bridgeOptions(connection),
      onChange: () => {
        this.memory.forget();
        const code = this.#runner.bridge === null ? "bridge_idle" : "bridge_started";
        if (!this.#ending.signal.aborted) this.#note("info", code);
        this.feed.changed();
      },
      onFailure: options.onFailure,
    });
  }

  /** Opens a data folder and runs. Rejects with StoreInUseError when another desktop has the folder. */
  static async open(options: DesktopOptions): Promise<Desktop> {
    const { dataFolder, machine, clock, openInput, openApiKeys } = options;
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const files = filesOf(dataFolder);
    const store = await Store.open(files.store);
    // Whoever has the folder serves it: an address that is there already is a dead one's.
    await rm(files.address, { force: true });
    const desktopId = await desktopIdentity(store, () => crypto.randomUUID());
    const settings = await SettingsFile.open(files.settings, defaultSettings(machine), clock.now());
    const input = await openInput({ clock, chosenWindow: () => settings.value.gameWindow });
    const desktop = new Desktop(options, { store, desktopId, settings, apiKeys: openApiKeys(desktopId), input });
    await desktop.#begin();
    return desktop;
  }

  /** The bridge that runs; null while the set-up is not complete. */
  get bridge() {
    return this.#runner.bridge;
  }

  /** The API key, for requests that are made on the streamer's word. Never for a window, a log or a message. */
  get apiKey(): string | null {
    return this.#apiKey?.apiKey ?? null;
  }

  /** The state as it is now. */
  state(): DesktopState {
    return this.feed.now();
  }

  /** Does what the streamer asks for. */
  act(action: DesktopAction): Promise<ActionResult> {
    return act(this, action);
  }

  /** Tells what the bridge sees, until the answer is called. */
  watch(listener: (sight: Sight) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes settings; resolves when they are kept and count. */
  async change(wanted: Partial<DesktopSettings>): Promise<void> {
    const before = this.settings.value;
    const names = (Object.keys(wanted) as (keyof DesktopSettings)[]).filter((name) => wanted[name] !== before[name]);
    if (names.length === 0) return;
    await this.settings.change(wanted);
    this.#note("info", "settings_saved", { names: names.join(", ") });
    await this.#lookAtScreen();
    await this.#connect();
  }

  /** Keeps another API key; resolves when it counts. */
  async keepApiKey(apiKey: string): Promise<void> {
    const storage = await this.#apiKeys.save(apiKey);
    this.#apiKey = { apiKey, storage };
    this.#note("info", "api_key_saved", { storage });
    await this.#connect();
  }

  /** Looks at once for ended payouts that need attention. */
  async lookForAttention(): Promise<void> {
    const page = await this.bridge?.api.payouts(null);
    if (page?.kind === "ok") this.memory.attention = page.body.items.filter(isEndedInNeed);
  }

  /** Ends everything in good order. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.feed.stop();
    await this.#runner.connect(null);
    await this.#watching;
    await this.events.write();
    await this.#input.close();
    await this.store.close();
  }

  async #begin(): Promise<void> {
    const { putAside } = this.settings;
    if (putAside !== null) this.#note("bad", "settings_put_aside", { faults: putAside });
    this.#apiKey = await this.#apiKeys.read();
    await this.#connect();
    this.#watching = this.#watchUntil(this.#ending.signal).catch(this.#options.onFailure);
  }

  /** One after the other, each with what counts when its turn has come: the last one leaves what counts now. */
  #connect(): Promise<void> {
    this.#connecting = this.#connecting.then(() => this.#connectNow());
    return this.#connecting;
  }

  async #connectNow(): Promise<void> {
    this.#logPath = await findLog(this.settings.value, this.machine);
    const { apiUrl } = this.settings.value;
    const apiKey = this.#apiKey?.apiKey ?? "";
    const isConnected = apiUrl !== "" && apiKey !== "" && !this.#ending.signal.aborted;
    await this.#runner.connect(isConnected ? { apiUrl, apiKey, logPath: this.#logPath } : null);
    this.feed.changed();
  }

  #bridgeOptions(connection: Connection): BridgeOptions {
    const { store, desktopId, settings, clock } = this;
    const input = this.#input;
    return {
      ...connection,
      store,
      desktopId,
      desktopVersion: this.#options.desktopVersion,
      desk: input.desk,
      clock,
      alert: (alert) => this.#hear(alert),
      observe: (sight) => this.#see(sight),
      get strategies() {
        return input.strategies(settings.value);
      },
      get attempts() {
        return settings.value.commandAttempts;
      },
      get pollMs() {
        return settings.value.pollSeconds * 1_000;
      },
      get syncsByItself() {
        return settings.value.syncsByItself;
      },
    };
  }

  #see(sight: Sight): void {
    const now = this.clock.now();
    this.memory.see(sight, now);
    this.#narrator.see(sight, now);
    this.#alarm.see(sight);
    for (const listener of this.#listeners) listener(sight);
    this.feed.changed();
  }

  #hear(alert: BridgeAlert): void {
    this.#alarm.hear(alert, this.clock.now());
    this.feed.changed();
  }

  async #watchUntil(signal: AbortSignal): Promise<void> {
    this.#foundGameFolders = await findGames(this.machine);
    for (let look = 0; !signal.aborted; look += 1) {
      if (look % SCREEN_LOOKS === 0) await this.#lookAtScreen();
      if (look % LOG_LOOKS === 0 && this.bridge?.view.isLogPresent === false) await this.#connect();
      if (look % ATTENTION_LOOKS === 0) await this.lookForAttention();
      this.#alarm.check(
        {
          bridge: this.bridge?.view ?? null,
          memory: this.memory,
          logPath: this.#logPath,
          isApiKeyInFile: this.#apiKey?.storage === "encrypted_file",
          inputFault: this.#input.fault,
        },
        this.clock.now(),
      );
      await this.events.write();
      this.feed.changed();
      await this.clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  async #lookAtScreen(): Promise<void> {
    this.memory.screen = await this.#input.look();
  }

  #note(level: EventRow["level"], code: EventCode, details: Readonly<Record<string, string>> = {}): void {
    this.events.note({ level, code, details }, this.clock.now());
  }

  #build() {
    const { store, desktopId, memory, alerts, events } = this;
    const parts = { store, desktopId, memory, alerts, events, desktopVersion: this.#options.desktopVersion };
    return buildState(
      {
        ...parts,
        settings: this.settings.value,
        setup: this.#setup(),
        logPath: this.#logPath,
        bridge: this.bridge?.view ?? null,
      },
      this.clock.now(),
    );
  }

  #setup(): SetupState {
    const { apiUrl, gameFolder, logPath } = this.settings.value;
    return {
      isComplete: apiUrl !== "" && this.#apiKey !== null && (gameFolder !== "" || logPath !== ""),
      hasApiKey: this.#apiKey !== null,
      apiKeyStorage: this.#apiKey?.storage ?? null,
      foundGameFolders: this.#foundGameFolders,
      settingsPutAside: this.settings.putAside,
    };
  }
}

function isEndedInNeed({
  needsAttention,
  status,
}: {
  readonly needsAttention: boolean;
  readonly status: string;
}): boolean {
  return needsAttention && status !== "Pending" && status !== "InProgress";
}
