import type { ActionResult, DesktopAction } from "../../wire/protocol.ts";
import type { DesktopSettings } from "../../wire/state.ts";
import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence, type TextKey } from "../texts/texts.ts";

/*
 * The first set-up: server → game → addon → whisper → the queue. Each step is tried before the next; whoever cannot try
 * one yet (no game at hand) may skip it, and finds the set-up again in the settings.
 */

const STEPS = ["server", "game", "hello", "whisper"] as const;

type Step = (typeof STEPS)[number];

/** The wizard in place of queue and log. */
export function setup(desk: Desk) {
  return {
    /** For the forms that stand in the settings as well. */
    isWizard: true,
    steps: STEPS,
    step: "server" as Step,
    done: [] as readonly Step[],
    isBusy: false,
    outcome: null as Sentence | null,

    get isLast(): boolean {
      return this.step === "whisper";
    },
    isDone(step: Step): boolean {
      return this.done.includes(step);
    },
    stateOf(step: Step): TextKey {
      if (step === this.step) return "setup.state.now";
      return this.isDone(step) ? "setup.state.done" : "setup.state.open";
    },
    go(step: Step) {
      this.step = step;
      this.outcome = null;
    },
    skip() {
      const next = STEPS[STEPS.indexOf(this.step) + 1];
      if (next === undefined) this.finish();
      else this.go(next);
    },
    back() {
      this.go(STEPS[STEPS.indexOf(this.step) - 1] ?? "server");
    },
    /** Keeps what the step's form holds, and goes on. */
    async keep(form: { save(): Promise<boolean> }) {
      if (!(await form.save())) return;
      this.done = [...this.done, this.step];
      this.skip();
    },
    finish() {
      desk.isSettingUp = false;
    },

    async measure() {
      const result = await this.check({ kind: "measure_log" });
      if (!result.ok || result.data?.kind !== "hello") return;
      const { character, realm, addonVersion: version, delayMs: delay } = result.data;
      this.outcome = { key: "setup.hello.ok", values: { character, realm, version, delay } };
    },
    async whisper() {
      if ((await this.check({ kind: "test_whisper" })).ok) this.outcome = { key: "setup.whisper.ok" };
    },
    /** Tries the step, and says why when it does not work. */
    async check(action: DesktopAction): Promise<ActionResult> {
      const { step } = this;
      this.isBusy = true;
      this.outcome = { key: "test.working" };
      const result = await desk.ask(action);
      this.isBusy = false;
      if (result.ok) this.done = [...this.done, step];
      else this.outcome = codeSentence(result.code, result.details);
      return result;
    },
    choose(change: Partial<DesktopSettings>) {
      return desk.save(change);
    },
  };
}
