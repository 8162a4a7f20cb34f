import { SettingsError } from "@mgm/activities/settings";
import { StoryError } from "@mgm/simulator/story/story";
import { EngineError } from "../engines/engine-error.ts";
import { bringUp, type Running } from "./bring-up.ts";
import { readStartEnvironment, readStartPlan, type StartPlan } from "./config.ts";
import type { Ending } from "./ending.ts";
import type { Flags } from "./flags.ts";
import { tellLinks } from "./links.ts";
import type { Tell } from "./progress.ts";
import { StartError } from "./start-error.ts";
import { Stops } from "./stops.ts";
import { playDemo, type Stage, setStage } from "./story.ts";

/*
 * Everything runs until the run ends: by a signal (status 0), by the first gold with --once (0), because something
 * cannot start or falls over (1). However it ends, everything that was started is stopped in reverse order.
 */

/** Runs until the run ends; resolves to the exit status when everything is stopped. */
export async function run(flags: Flags, ending: Ending, tell: Tell): Promise<number> {
  const stops = new Stops();
  // A terminal that went away is no reason to leave processes behind.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => ending.end(1));
  const fail = (error: unknown): void => ending.end(1, describe(error));
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);

  const working = work(flags, { ending, stops, tell }).catch(fail);
  const { status, reason } = await ending.over;
  if (reason !== null) process.stderr.write(`\n${reason}\n`);
  // What is just starting must be there before it can be stopped.
  await working;
  const isGood = await stops.stopAll(tell);
  if (status === 0 && isGood) tell("everything is stopped");
  return isGood ? status : 1;
}

type Means = { readonly ending: Ending; readonly stops: Stops; readonly tell: Tell };

async function work(flags: Flags, means: Means): Promise<void> {
  if (means.ending.signal.aborted) return;
  const environment = readStartEnvironment();
  const plan = readStartPlan(environment, flags);
  for (const remark of plan.remarks) means.tell(remark);
  const running = await bringUp({ ...means, plan, environment });
  if (running === null) return;
  const stage = plan.playsStory ? await setStage({ ...means, plan }, running) : null;
  tellLinks(means.tell, plan, running, stage?.desktop.url ?? null);
  if (stage !== null) await playStory(flags, means, plan, { ...running, stage });
}

type Staged = Running & { readonly stage: Stage };

async function playStory(flags: Flags, { ending, stops, tell }: Means, plan: StartPlan, running: Staged) {
  const demo = playDemo(plan, running, running.stage, tell);
  stops.add("the story", () => demo.stop());
  try {
    const firstGold = await ending.orOver(demo.firstGold);
    if (firstGold === null) return;
    if (flags.once) {
      process.stdout.write(`${JSON.stringify(firstGold)}\n`);
      ending.end(0);
      return;
    }
    tell("that was the first gold; the spins go on, and so does everything else, until Ctrl-C");
  } catch (error) {
    // Everything stays up to be looked at.
    if (flags.once || !(error instanceof StoryError)) throw error;
    tell(error.message);
  }
  demo.goOn();
}

/** What people can do something about is told in words, all else with its place in the code. */
function describe(error: unknown): string {
  const isForPeople = [SettingsError, StartError, EngineError, StoryError].some((kind) => error instanceof kind);
  if (isForPeople) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
