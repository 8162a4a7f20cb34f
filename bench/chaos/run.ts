import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "../../activities/settings.ts";
import { seededRandom } from "../../simulator/game/random.ts";
import { check, type Finding, type Verdict } from "./checker/check.ts";
import {
  disturbClocks,
  disturbNetwork,
  disturbTwitch,
  HASTY,
  type KillCount,
  killAtRandom,
  killEach,
  PATIENT,
} from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { Load } from "./load/load.ts";
import { pauseSpins } from "./load/spins.ts";
import { bringUpSystem, type System } from "./system/system.ts";

/*
 * One run: bring everything up, load it, kill and disturb it, let it settle, and have the checker look.
 */

/** How a run differs from the usual one. */
export interface RunOptions {
  readonly kills: number;
  readonly seed: number;
  /** Empty, or not there yet. */
  readonly dataDir: string;
  readonly timings: Readonly<Record<string, number>>;
  /** Fewer breaths between volleys. */
  readonly isHasty?: boolean;
  readonly environment: Environment;
  /** Ends the killing before its number is reached; what was begun is checked all the same. */
  readonly signal?: AbortSignal;
  readonly tell: (line: string) => void;
}

/** What came of it. The system runs on, for whoever wants to look; stop it. */
export interface RunResult {
  readonly system: System;
  readonly ledgerFile: string;
  readonly count: KillCount;
  readonly findings: readonly Finding[];
  readonly settledMs: number;
  /** How much went on. */
  readonly totals: Totals & {
    /** Of viewers who answer; what a run may have of them the checker says. */
    readonly payoutsUnpaid: number;
    readonly giftsTimedOut: number;
    readonly networkFaults: number;
    readonly clockJumps: number;
    /** Requests that met one, of all kinds, and of those the questions about subscribers. */
    readonly twitchFaults: number;
    readonly subscriberFaults: number;
  };
}

/** Numbers of a run. */
export interface Totals {
  readonly commands: number;
  readonly mails: number;
  /** Of the mails, those that hold an item. */
  readonly gifts: number;
  readonly announcements: number;
  readonly questions: number;
  readonly forgeries: number;
}

/** Longer than anything may stay as it is while nothing is wrong: gifts are served one after the other, each in its time. */
const STILL_FOR_MS = 300_000;
/** Even if all of the crowd wait for their gifts, each in its time. What comes and goes for so long does not settle. */
const SETTLES_WITHIN_MS = 3_600_000;
/** Whatever is tried again has been by then; the reconcile job comes round every minute. */
const SECOND_LOOK_AFTER_MS = 75_000;
/** In a short run: an announcement that died with its worker is tried again after ten seconds. */
const HASTY_SECOND_LOOK_AFTER_MS = 20_000;
const WHOLE_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 3_000;
const TELL_EVERY = 25;
const WARM_UP_WITHIN_MS = 240_000;
const WARM_UP_LOOK_MS = 100;

/** Runs it. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { kills, seed, dataDir, timings, environment, tell } = options;
  const ledgerFile = `${dataDir}-ledger.jsonl`;
  const ledger = new Ledger(ledgerFile);
  const system = await bringUpSystem({ dataDir, timings, ledger, random: seededRandom(seed + 1), environment, tell });
  try {
    const { settings } = system;
    ledger.write({
      kind: "run",
      seed,
      broadcasterId: settings.TWITCH_BROADCASTER_ID,
      timings: { ...settings.TIMINGS },
      at: Date.now(),
    });
    tell(`up; the logs are in ${join(dataDir, "logs")}`);
    const load = new Load(system, ledger, seededRandom(seed + 2));
    const loading = load.run();
    await firstMails(system, ledger);
    tell("gold and a gift are in the mail and in the chat; the killing begins");
    const calm = new AbortController();
    const disturbed = Promise.all([
      disturbNetwork(system, { random: seededRandom(seed + 3), ledger, signal: calm.signal }),
      disturbClocks(system, { random: seededRandom(seed + 4), ledger, signal: calm.signal }),
      disturbTwitch(system, { random: seededRandom(seed + 5), ledger, signal: calm.signal }),
    ]);
    const count = await killAtRandom(system, {
      kills,
      random: seededRandom(seed),
      ledger,
      load,
      signal: options.signal ?? new AbortController().signal,
      patience: options.isHasty === true ? HASTY : PATIENT,
      onKill: (done) => {
        if (done % TELL_EVERY === 0) tell(`${done} kills; ${JSON.stringify(totalsOf(ledger))}`);
      },
    });
    tell("the killing is over; the load ends");
    calm.abort();
    const [networkFaults, clockJumps, twitchFaults] = await disturbed;
    await load.end();
    await loading;
    await pauseSpins(system);
    const endedAt = Date.now();
    let verdict = await settle(system, ledger, tell);
    if (verdict.findings.length === 0) {
      tell("all of them die once more, and whatever would be done again is waited for");
      await killEach(system, ledger);
      await system.untilWhole(WHOLE_WITHIN_MS);
      await delay(options.isHasty === true ? HASTY_SECOND_LOOK_AFTER_MS : SECOND_LOOK_AFTER_MS);
      verdict = await settle(system, ledger, tell);
    }
    return {
      system,
      ledgerFile,
      count,
      findings: verdict.findings,
      settledMs: Date.now() - endedAt,
      totals: {
        ...totalsOf(ledger),
        payoutsUnpaid: verdict.unserved.payouts,
        giftsTimedOut: verdict.unserved.gifts,
        networkFaults,
        clockJumps,
        ...twitchFaults,
      },
    };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** Before the first kill there is something to lose, of each kind. */
async function firstMails({ twitch }: System, ledger: Ledger): Promise<void> {
  const until = Date.now() + WARM_UP_WITHIN_MS;
  const has = (isGift: boolean) =>
    ledger.entries.some((entry) => entry.kind === "mailed" && entry.items.length > 0 === isGift);
  while (!has(true) || !has(false) || twitch.chat.size === 0) {
    if (Date.now() > until) throw new Error("nothing is mailed although nothing was killed yet");
    await delay(WARM_UP_LOOK_MS);
  }
}

/** Waits until the checker has nothing to say, or for as long as anything may take. */
async function settle(system: System, ledger: Ledger, tell: (line: string) => void): Promise<Verdict> {
  const startedAt = Date.now();
  let changedAt = startedAt;
  for (let told = ""; ; ) {
    // A window that nobody sees may ask anything.
    await system.untilWhole(WHOLE_WITHIN_MS);
    const noted = ledger.entries.filter(({ kind }) => kind === "posted").length;
    for (const { messageId, text, sentAt } of system.twitch.chat.all().slice(noted)) {
      ledger.write({ kind: "posted", messageId, text, at: sentAt.getTime() });
    }
    system.game.close();
    system.streamer.note();
    const { databaseUrl, temporalAddress } = system;
    const verdict = await check({ ledger: ledger.entries, databaseUrl, temporalAddress });
    const { findings } = verdict;
    const now = findings.map(({ code, subject }) => `${code} ${subject}`).join("; ");
    if (now !== told) tell(findings.length === 0 ? "settled" : `waiting for: ${now.slice(0, 400)}`);
    if (now !== told) changedAt = Date.now();
    told = now;
    const isLasting = Date.now() - changedAt > STILL_FOR_MS || Date.now() - startedAt > SETTLES_WITHIN_MS;
    if (findings.length === 0 || isLasting) return verdict;
    await delay(LOOK_EVERY_MS);
  }
}

function totalsOf(ledger: Ledger): Totals {
  const countOf = (kind: string) => ledger.entries.filter((entry) => entry.kind === kind).length;
  return {
    commands: countOf("command"),
    mails: countOf("mailed"),
    gifts: ledger.entries.filter((entry) => entry.kind === "mailed" && entry.items.length > 0).length,
    announcements: countOf("posted"),
    questions: countOf("asked"),
    forgeries: countOf("forged"),
  };
}
