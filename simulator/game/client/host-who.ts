import type { HostFunctions } from "../vm/lua-state.ts";
import type { WhoRow } from "../world/link.ts";
import { addChatMessage, type Client } from "./client.ts";
import { globalString, resolvePlurals } from "./global-strings.ts";

/** At most this many hits are told as lines of chat when no window asked. */
const CHAT_ROWS = 3;

/** The client's /who: the last answer, and where the next one goes. */
export class WhoClient {
  readonly #client: Client;
  #rows: readonly WhoRow[] = [];
  #total = 0;
  #toWindow = false;

  constructor(client: Client) {
    this.#client = client;
  }

  /** An answer arrives. Few hits become lines of chat, without WHO_LIST_UPDATE, unless a window asked for it. */
  answer(rows: readonly WhoRow[], total: number): void {
    this.#rows = rows;
    this.#total = total;
    if (this.#toWindow || rows.length > CHAT_ROWS) {
      this.#client.fire("WHO_LIST_UPDATE");
      return;
    }
    for (const row of rows) this.#tell(this.#line(row));
    this.#tell(resolvePlurals(globalString(this.#client.locale, "WHO_NUM_RESULTS", total)));
  }

  functions(): HostFunctions {
    const { world } = this.#client;
    return {
      send_who: (query) => {
        world.sendWho(String(query));
      },
      who_to_window: (on) => {
        this.#toWindow = on === true;
      },
      who_count: () => [this.#rows.length, this.#total],
      who_row: (index) => {
        const row = this.#rows[Number(index) - 1];
        if (row === undefined) return [];
        return [row.name, row.guild, row.level, row.race, row.class, row.zone, row.class.toUpperCase()];
      },
    };
  }

  #line({ name, guild, level, race, class: className, zone }: WhoRow): string {
    const { locale } = this.#client;
    if (guild === "") return globalString(locale, "WHO_LIST_FORMAT", name, name, level, race, className, zone);
    return globalString(locale, "WHO_LIST_GUILD_FORMAT", name, name, level, race, className, guild, zone);
  }

  #tell(text: string): void {
    addChatMessage(this.#client, { kind: "SYSTEM", text });
  }
}
