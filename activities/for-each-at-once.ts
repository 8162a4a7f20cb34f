/** How many looks at workflows are under way at once: ten thousand one after the other would outlast a run of the job. */
const AT_ONCE = 16;

/** Does something with each of many, a few at a time, in no certain order. Ends at the first fault. */
export async function forEachAtOnce<Item>(
  items: AsyncGenerator<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const next = async (): Promise<void> => {
    for (let turn = await items.next(); !turn.done; turn = await items.next()) await work(turn.value);
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, next));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
