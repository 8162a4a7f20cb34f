import type { Character } from "./character.ts";
import type { WhoRow } from "./link.ts";
import type { World } from "./world.ts";

/** What may happen to the next /who. */
export type WhoFault = { readonly kind: "dropped" } | { readonly kind: "late"; readonly delayMs: number };

/** Rows of one answer at most. */
export const WHO_LIMIT = 49;

/** Localised letters of the tags, as the client sends them on. */
const TAGS: Readonly<Record<string, "name" | "guild" | "zone" | "class" | "race">> = {
  "n-": "name",
  "и-": "name",
  "g-": "guild",
  "г-": "guild",
  "z-": "zone",
  "з-": "zone",
  "c-": "class",
  "к-": "class",
  "r-": "race",
  "р-": "race",
};

/** The part of the server that answers /who. */
export class WhoServer {
  readonly #world: World;
  readonly #faults: WhoFault[] = [];
  #cache: { readonly atMs: number; readonly rows: readonly Character[] } | undefined;
  /** At most one question per this time is answered; 0 answers all. */
  minIntervalMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(world: World) {
    this.#world = world;
  }

  /** The next questions meet these, one each. */
  addFault(...faults: readonly WhoFault[]): void {
    this.#faults.push(...faults);
  }

  receive(query: string): void {
    const world = this.#world;
    const now = world.clock.nowMs;
    const fault = this.#faults.shift();
    if (fault?.kind === "dropped" || now - this.#lastMs < this.minIntervalMs) return;
    this.#lastMs = now;
    const found = this.#online().filter((one) => matches(one, query));
    const rows: WhoRow[] = found.slice(0, WHO_LIMIT).map(({ name, guild, level, race, class: className, zone }) => {
      return { name, guild, level, race, class: className, zone };
    });
    const total = world.personality.whoCountsAll ? found.length : rows.length;
    world.toClientAfter(fault?.kind === "late" ? fault.delayMs : 0, (link) => link.who(rows, total));
  }

  #online(): readonly Character[] {
    const { clock, personality, streamer } = this.#world;
    if (this.#cache === undefined || clock.nowMs - this.#cache.atMs >= personality.whoCacheMs) {
      const rows = this.#world.characters.filter(
        (one) => one.online && !one.invisible && one.faction === streamer.faction,
      );
      this.#cache = { atMs: clock.nowMs, rows };
    }
    return this.#cache.rows;
  }
}

/** Tagged words look at their field, others at name, guild and zone; all as substrings, whatever the case. */
function matches(one: Character, query: string): boolean {
  const words = [...query.matchAll(/(\p{L}-)?(?:"([^"]*)"|(\S+))/gu)].slice(0, 4);
  return words.every(([, tag, quoted, bare]) => {
    const word = (quoted ?? bare ?? "").toLowerCase();
    const field = TAGS[tag?.toLowerCase() ?? ""];
    const range = /^(\d+)(?:-(\d+))?$/.exec(word);
    if (field === undefined && range !== null) {
      return one.level >= Number(range[1]) && one.level <= Number(range[2] ?? range[1]);
    }
    const fields = field === undefined ? [one.name, one.guild, one.zone] : [one[field]];
    return fields.some((text) => text.toLowerCase().includes(word));
  });
}
