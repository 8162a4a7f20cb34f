import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../simulator/game/random.ts";
import type { MailFault } from "../../simulator/game/world/mail-server.ts";
import type { Endpoint } from "../../simulator/twitch/endpoints.ts";
import type { Fault } from "../../simulator/twitch/faults.ts";
import type { Ledger } from "./ledger.ts";
import { anybody } from "./load/crowd.ts";
import type { Load } from "./load/load.ts";
import { CLOCKS, type ClockOwner } from "./system/clocks.ts";
import type { NetworkCondition } from "./system/network-proxy.ts";
import { type System, VICTIMS, type Victim } from "./system/system.ts";

/*
 * What goes wrong, and when: a seed decides both. The moments themselves differ from run to run, because processes are as
 * quick as the machine lets them be; the seed makes the plan repeatable, not the run.
 */

/** How often each is chosen, relative to the others. */
const WEIGHTS: Readonly<Record<Victim, number>> = {
  api: 3,
  api2: 2,
  worker: 2,
  worker2: 2,
  postgres: 2,
  temporal: 2,
  bridge: 5,
  game: 2,
};
const VOLLEYS = [1, 2, 4, 5, 6, 7];
/** Moments that are worth dying at: somebody was looked for, gold or a gift was named, a mail has left. */
const MOMENTS = ["person", "named", "named", "mailed", "mailed"] as const;
const MOMENT_SHARE = 0.6;
const LONGEST_GAP_MS = 700;
const LONGEST_DOWN_MS = 1_000;
/** Who has answered Twitch must have kept what was said: many speak just before one of these dies. */
const HEARS_CHAT: ReadonlySet<Victim> = new Set(["api", "api2", "postgres"]);
const SMALLEST_BURST = 50;
const LARGEST_BURST = 100;
const LONGEST_BURST_MS = 20;
const MAIL_FAULT_SHARE = 0.25;
const MAIL_FAULTS: readonly MailFault[] = [
  { kind: "lost" },
  { kind: "silent" },
  { kind: "late", delayMs: 3_000 },
  { kind: "late", delayMs: 15_000 },
  { kind: "failed" },
  { kind: "answered_twice" },
  { kind: "crash", when: "before" },
  { kind: "crash", when: "taken" },
  { kind: "crash", when: "answered" },
  { kind: "late_money", delayMs: 4_000 },
];

const NETWORK: readonly NetworkCondition[] = ["half_open", "answers_lost", "reset"];
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const SERVER_JUMPS = [-3 * SECOND_MS, -SECOND_MS, SECOND_MS, 3 * SECOND_MS];
/** How far a clock jumps. The streamer's machine may be set to any time; servers' clocks are kept by somebody. */
const JUMPS: Readonly<Record<ClockOwner, readonly number[]>> = {
  bridge: [
    -24 * HOUR_MS,
    -HOUR_MS,
    -90 * SECOND_MS,
    -5 * SECOND_MS,
    5 * SECOND_MS,
    90 * SECOND_MS,
    HOUR_MS,
    24 * HOUR_MS,
  ],
  api: SERVER_JUMPS,
  api2: SERVER_JUMPS,
  worker: SERVER_JUMPS,
  worker2: SERVER_JUMPS,
};

/** What Twitch is asked for while all goes on. */
const HELIX: readonly Endpoint[] = ["pubsub", "chat", "subscriptions"];
/** With `effect`, what was asked for was done all the same. */
const HELIX_FAULTS: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 500, effect: true },
  { kind: "status", status: 429 },
  { kind: "reset" },
  { kind: "reset", effect: true },
  { kind: "cut", effect: true },
  { kind: "hang" },
  { kind: "hang", effect: true },
  { kind: "slow", delayMs: 3_000 },
  { kind: "drop", code: "msg_rejected" },
];

/** How many died, by name. */
export type KillCount = Record<Victim, number>;

/** How long is waited before a volley at most, in milliseconds. */
export interface Patience {
  /** How often everything has to be up and ready again, and until when it is waited for. */
  readonly wholeShare: number;
  readonly wholeMs: number;
  /** For a moment that matters. */
  readonly momentMs: number;
  /** Where no such moment is waited for. */
  readonly restMs: number;
}

/** For a long run, in which much shall come about between the deaths. */
export const PATIENT: Patience = { wholeShare: 0.8, wholeMs: 60_000, momentMs: 20_000, restMs: 4_000 };
/** For a short one. */
export const HASTY: Patience = { wholeShare: 0.5, wholeMs: 30_000, momentMs: 3_000, restMs: 800 };

/** What killing is done with. */
export interface Killing {
  readonly kills: number;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly load: Load;
  readonly patience: Patience;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Told the number of kills so far. */
  readonly onKill: (done: number) => void;
}

/**
 * Kills until `kills` have died, in volleys of one to seven; each rises again a moment later. Most volleys hit a system that
 * is whole again, at a moment that matters or at any; some hit it while it rises.
 */
export async function killAtRandom(
  system: System,
  { kills, random, ledger, load, patience, signal, onKill }: Killing,
): Promise<KillCount> {
  const count = Object.fromEntries(VICTIMS.map((name) => [name, 0])) as KillCount;
  let bag: Victim[] = [];
  const rising = new Set<Promise<void>>();
  for (let done = 0; done < kills && !signal.aborted; ) {
    if (random() < patience.wholeShare) {
      await system.untilWhole(patience.wholeMs);
      if (random() < MOMENT_SHARE) await ledger.next(anybody(MOMENTS, random), patience.momentMs);
      else await delay(random() * patience.restMs);
    }
    if (random() < MAIL_FAULT_SHARE) system.game.addMailFault(anybody(MAIL_FAULTS, random));
    for (let left = anybody(VOLLEYS, random); left > 0 && done < kills; left--) {
      await delay(random() * LONGEST_GAP_MS);
      // Without putting back: each dies as often as its weight says, however few die.
      if (bag.length === 0) bag = VICTIMS.flatMap((name) => Array.from({ length: WEIGHTS[name] }, () => name));
      const victim = anybody(bag, random);
      const downMs = random() * LONGEST_DOWN_MS;
      const mortal = system.mortals[victim];
      if (HEARS_CHAT.has(victim)) {
        load.burst(SMALLEST_BURST + Math.floor(random() * (LARGEST_BURST - SMALLEST_BURST)));
        await delay(random() * LONGEST_BURST_MS);
      }
      if (!(await mortal.kill())) continue;
      bag.splice(bag.indexOf(victim), 1);
      ledger.write({ kind: "fault", fault: `kill ${victim}`, at: Date.now() });
      count[victim] += 1;
      done += 1;
      onKill(done);
      const rise = delay(downMs).then(() => mortal.start());
      rising.add(rise);
      void rise.finally(() => rising.delete(rise));
    }
  }
  await Promise.all(rising);
  return count;
}

/** Each of them dies once more, and rises. */
export async function killEach({ mortals }: System, ledger: Ledger): Promise<void> {
  for (const victim of VICTIMS) {
    if (await mortals[victim].kill()) ledger.write({ kind: "fault", fault: `kill ${victim}`, at: Date.now() });
  }
  await Promise.all(VICTIMS.map((victim) => mortals[victim].start()));
}

/** What disturbs a run besides death. */
export interface Disturbance {
  readonly random: Random;
  readonly ledger: Ledger;
  /** Ends it; all is well then. */
  readonly signal: AbortSignal;
}

/** Lets the network between bridge and API fail at once and now and then; resolves when told to end. How often it did. */
export async function disturbNetwork({ network }: System, { random, ledger, signal }: Disturbance): Promise<number> {
  let times = 0;
  do {
    network.delayMs = random() < 0.5 ? 0 : Math.floor(random() * 800);
    const condition = anybody(NETWORK, random);
    ledger.write({ kind: "fault", fault: `network ${condition}, ${network.delayMs} ms`, at: Date.now() });
    network.meet(condition);
    times += 1;
    await pause(200 + random() * 5_000, signal);
    network.meet("good");
  } while (await pause(8_000 + random() * 17_000, signal));
  network.delayMs = 0;
  return times;
}

/** Sets clocks at once and now and then, and right again; resolves when told to end. How often one jumped. */
export async function disturbClocks({ clocks }: System, { random, ledger, signal }: Disturbance): Promise<number> {
  let times = 0;
  do {
    const owner = anybody(CLOCKS, random);
    const offsetMs = anybody(JUMPS[owner], random);
    ledger.write({ kind: "clock", owner, offsetMs, at: Date.now() });
    clocks.set(owner, offsetMs);
    times += 1;
    await pause(1_000 + random() * 10_000, signal);
    clocks.set(owner, 0);
  } while (await pause(12_000 + random() * 20_000, signal));
  return times;
}

/** Lets Twitch fail at once and now and then; resolves when told to end. How many requests met a fault. */
export async function disturbTwitch(
  { twitch: { faults } }: System,
  { random, ledger, signal }: Disturbance,
): Promise<{ readonly twitchFaults: number; readonly subscriberFaults: number }> {
  const met = new Map(HELIX.map((endpoint) => [endpoint, 0]));
  do {
    for (const endpoint of HELIX) {
      // The last one waits until somebody asks.
      if (faults.pending(endpoint) > 0) continue;
      const fault = anybody(HELIX_FAULTS, random);
      ledger.write({ kind: "fault", fault: `${endpoint} ${JSON.stringify(fault)}`, at: Date.now() });
      faults.add(endpoint, fault);
      met.set(endpoint, (met.get(endpoint) ?? 0) + 1);
    }
  } while (await pause(2_000 + random() * 8_000, signal));
  for (const [endpoint, added] of met) met.set(endpoint, added - faults.pending(endpoint));
  faults.clear();
  const twitchFaults = [...met.values()].reduce((sum, one) => sum + one, 0);
  return { twitchFaults, subscriberFaults: met.get("subscriptions") ?? 0 };
}

/** Whether the time passed before the end. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
