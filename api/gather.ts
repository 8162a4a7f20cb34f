/** How items are gathered. */
export interface Gathering<Item> {
  /** How many lots are worked on side by side. */
  readonly lots: number;
  /** Items of one lot. */
  readonly most: number;
  /** Items that share one of these are not in one lot, and keep their order. */
  readonly keysOf: (item: Item) => readonly string[];
}

/**
 * Has what comes at the same time done together. While all lots are at work whoever comes waits, and goes with the next
 * one; when there is nothing to wait for, an item is a lot by itself at once.
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>,
  { lots, most, keysOf }: Gathering<Item>,
): (item: Item) => Promise<Result> {
  interface Waiting {
    readonly item: Item;
    resolve(result: Result): void;
    reject(reason: unknown): void;
  }
  let waiting: Waiting[] = [];
  let atWork = 0;

  const takeLot = (): Waiting[] => {
    const keys = new Set<string>();
    const lot: Waiting[] = [];
    const left: Waiting[] = [];
    for (const one of waiting) {
      const own = keysOf(one.item);
      const isIn = lot.length < most && !own.some((key) => keys.has(key));
      (isIn ? lot : left).push(one);
      // Those of one who is left behind too: nobody overtakes them.
      for (const key of own) keys.add(key);
    }
    waiting = left;
    return lot;
  };

  const begin = async (): Promise<void> => {
    atWork += 1;
    while (waiting.length > 0) {
      const lot = takeLot();
      try {
        const ends = await work(lot.map(({ item }) => item));
        for (const [place, { resolve, reject }] of lot.entries()) {
          const end = ends[place];
          if (end?.status === "fulfilled") resolve(end.value);
          else reject(end?.reason);
        }
      } catch (error) {
        for (const { reject } of lot) reject(error);
      }
    }
    atWork -= 1;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (atWork < lots) void begin();
    });
}
