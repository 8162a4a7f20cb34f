import { Bridge } from "./bridge.ts";
import type { BridgeOptions } from "./bridge-options.ts";

/*
 * Keeps one bridge running on what the settings say. What a bridge is connected to is fixed for its life; when the streamer
 * changes that, the running one ends (its store holds all that matters) and another begins.
 *
 *   idle ──connected──► running ──other connection──► ending ──► running
 *     ▲                    └────── not connected ─────► ending ──┐
 *     └──────────────────────────────────────────────────────────┘
 */

/** What a bridge is connected to. */
export type Connection = Pick<BridgeOptions, "apiUrl" | "apiKey" | "logPath">;

/** Runs at most one bridge at a time. */
export class BridgeRunner {
  readonly #makeOptions: (connection: Connection) => BridgeOptions;
  readonly #onChange: () => void;
  readonly #onFailure: (fault: unknown) => void;
  #connection: Connection | null = null;
  #running: { readonly bridge: Bridge; readonly stop: () => Promise<void> } | null = null;
  #changing: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly makeOptions: (connection: Connection) => BridgeOptions;
    /** There is another bridge, or none any more. */
    readonly onChange: () => void;
    /** A bridge could not go on; its store is broken. */
    readonly onFailure: (fault: unknown) => void;
  }) {
    this.#makeOptions = parts.makeOptions;
    this.#onChange = parts.onChange;
    this.#onFailure = parts.onFailure;
  }

  /** The bridge that runs; null while there is none. */
  get bridge(): Bridge | null {
    return this.#running?.bridge ?? null;
  }

  /** Connects to something else, or to nothing; resolves when that has come about. */
  connect(connection: Connection | null): Promise<void> {
    this.#changing = this.#changing.then(() => this.#change(connection));
    return this.#changing;
  }

  async #change(connection: Connection | null): Promise<void> {
    if (isSame(connection, this.#connection)) return;
    this.#connection = connection;
    const { stop } = this.#running ?? {};
    this.#running = null;
    await stop?.();
    if (connection !== null) this.#running = this.#start(connection);
    this.#onChange();
  }

  #start(connection: Connection) {
    const bridge = new Bridge(this.#makeOptions(connection));
    const stopping = new AbortController();
    const running = bridge.run(stopping.signal).catch(this.#onFailure);
    return {
      bridge,
      stop: async () => {
        stopping.abort();
        await running;
      },
    };
  }
}

function isSame(one: Connection | null, other: Connection | null): boolean {
  if (one === null || other === null) return one === other;
  return one.apiUrl === other.apiUrl && one.apiKey === other.apiKey && one.logPath === other.logPath;
}
