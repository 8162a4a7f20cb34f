import type { CommandQueue } from "../commands/command-queue.ts";
import type { ApiAnswer } from "../http/api-answer.ts";
import type { ApiClient, VersionDto } from "../http/api-client.ts";
import type { Sight } from "../sights.ts";
import { ONLY, type Store } from "../store/store.ts";
import { ABOUT_UPDATE, updateRequest } from "./requests.ts";
import type { Session } from "./session.ts";
import { isAtLeast } from "./versions.ts";

/** What a keeper of versions is made of. */
export interface VersionKeeperOptions {
  readonly store: Store;
  readonly api: ApiClient;
  readonly queue: CommandQueue;
  readonly session: Session;
  readonly desktopVersion: string;
  readonly observe: ((sight: Sight) => void) | undefined;
}

/** Knows which versions the API works with, and tells the addon how its own stands. */
export class VersionKeeper {
  readonly #options: VersionKeeperOptions;
  /** The addon asked and has not been told. */
  #owesAnswer = false;

  constructor(options: VersionKeeperOptions) {
    this.#options = options;
  }

  /** Asks which versions there are. */
  async check(): Promise<ApiAnswer<VersionDto>> {
    const { api, session, desktopVersion, observe } = this.#options;
    const answer = await api.version();
    if (answer.kind !== "ok") return answer;
    const { minimumAddonVersion, minimumDesktopVersion } = answer.body;
    session.minimumAddonVersion = minimumAddonVersion;
    session.isDesktopTooOld = !isAtLeast(desktopVersion, minimumDesktopVersion ?? desktopVersion);
    observe?.({ kind: "version", version: answer.body });
    return answer;
  }

  /** Before every poll: asks as long as nobody knows, and tells an addon that is too old so, once after each hello. */
  async look(): Promise<void> {
    const { session } = this.#options;
    if (session.minimumAddonVersion === null) await this.check();
    const addon = session.addon();
    if (session.minimumAddonVersion === null || addon === null || addon.isNewEnough) return;
    if (session.asked.has(ABOUT_UPDATE)) return;
    session.asked.add(ABOUT_UPDATE);
    void this.tellAddon();
  }

  /** The addon asked how its version stands; where it was never heard of, the answer waits for its hello. */
  async tellAddon(): Promise<void> {
    const { store, queue, session } = this.#options;
    const known = session.hello ?? store.get("trust", ONLY)?.hello;
    this.#owesAnswer = known == null;
    if (known != null) queue.request(updateRequest(known.addonVersion, await this.check()));
  }

  /** The addon said who it is. */
  heardHello(): void {
    if (this.#owesAnswer) void this.tellAddon();
  }
}
