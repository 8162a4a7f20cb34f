/**
 * Shares one answer among all who ask at the same time: at most one `work` per key runs, and one more waits for it.
 * Whoever asks gets work that began after they asked, so that a read after a write shows the write.
 */
export function coalesce<Key, Result>(work: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  const lines = new Map<Key, { running: Promise<unknown>; next: Promise<Result> | null }>();

  const begin = (key: Key): Promise<Result> => {
    const running = work(key);
    const line = { running, next: null };
    lines.set(key, line);
    const leave = (): void => {
      if (lines.get(key) === line && line.next === null) lines.delete(key);
    };
    running.then(leave, leave);
    return running;
  };

  return (key) => {
    const line = lines.get(key);
    if (line === undefined) return begin(key);
    line.next ??= line.running.then(
      () => begin(key),
      () => begin(key),
    );
    return line.next;
  };
}
