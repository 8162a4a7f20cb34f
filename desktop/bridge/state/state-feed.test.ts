import { afterEach, expect, it, vi } from "vitest";
import type { DesktopState } from "../../wire/state.ts";
import type { UnnumberedState } from "./build-state.ts";
import { StateFeed } from "./state-feed.ts";

afterEach(() => vi.useRealTimers());

/** A state of which only its version is looked at. */
const stateOf = (desktopVersion: string, now = 0) => ({ desktopVersion, now }) as unknown as UnnumberedState;

it("hands out a few states for many changes, the last one last", async () => {
  vi.useFakeTimers();
  let version = 0;
  const feed = new StateFeed(() => stateOf(String(version)));
  const heard: DesktopState[] = [];
  feed.subscribe((state) => heard.push(state));
  for (version = 1; version <= 1_000; version += 1) {
    feed.changed();
    if (version % 10 === 0) await vi.advanceTimersByTimeAsync(10);
  }
  version = 1_000;
  feed.changed();
  await vi.advanceTimersByTimeAsync(1_000);
  // A second of changes, and what was left at its end.
  expect(heard.length).toBeGreaterThanOrEqual(3);
  expect(heard.length).toBeLessThanOrEqual(7);
  expect(heard.at(-1)?.desktopVersion).toBe("1000");
  const revisions = heard.map(({ revision }) => revision);
  expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
});

it("hands out nothing when only the time is different", async () => {
  vi.useFakeTimers();
  let now = 0;
  const feed = new StateFeed(() => stateOf("1", now));
  const heard: DesktopState[] = [];
  feed.subscribe((state) => heard.push(state));
  for (now = 1; now < 10; now += 1) {
    feed.changed();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(heard).toHaveLength(1);
  expect(feed.now().revision).toBe(heard[0]?.revision);
});

it("builds nothing while nobody listens", async () => {
  vi.useFakeTimers();
  const build = vi.fn(() => stateOf("1"));
  const feed = new StateFeed(build);
  const stop = feed.subscribe(() => undefined);
  stop();
  feed.changed();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(build).not.toHaveBeenCalled();
});
