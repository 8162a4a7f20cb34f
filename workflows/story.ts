/** Longer stories lose their middle: how many of the newest entries are kept besides the first. */
const KEPT = 30;

/**
 * What happened to a workflow, told to people on its page: an entry is a time and what happened then. It is built from
 * what the workflow knows anyway, so a replay tells the same story.
 */
export class Story {
  #entries: string[] = [];
  #dropped = 0;

  /** Adds what happened at a time (Unix milliseconds). */
  add(at: number, what: string): void {
    this.#entries.push(`- ${clock(at)} ${what}`);
    if (this.#entries.length <= KEPT) return;
    this.#entries.splice(1, 1);
    this.#dropped += 1;
  }

  /** The story as Markdown, oldest first. */
  get text(): string {
    const [first, ...newer] = this.#entries;
    const gap = this.#dropped === 0 ? [] : [`- … ${this.#dropped} more`];
    return [...(first === undefined ? [] : [first]), ...gap, ...newer].join("\n");
  }
}

/** A time as operators read it, in UTC. */
export function clock(at: number): string {
  return new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

/** A text of somebody else's making, so that Markdown takes nothing in it for its own. */
export function plainText(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+\-.!|~&]/g, "\\$&").replaceAll(/\s+/g, " ");
}
