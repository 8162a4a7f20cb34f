import type { DesktopSettings } from "../../wire/state.ts";
import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence, type TextKey } from "../texts/texts.ts";

/** What is chosen on the page itself; address, key and folders have forms of their own. */
type Draft = Pick<
  DesktopSettings,
  "strategy" | "mayUseOtherStrategy" | "commandAttempts" | "pollSeconds" | "syncsByItself" | "sounds" | "gameWindow"
>;

/** A form inside the settings page that is saved together with it. */
interface PartForm {
  save(): Promise<boolean>;
}

/** The settings page. Language and colours change at once, the rest when it is saved. */
export function settings(desk: Desk) {
  return {
    isWizard: false,
    draft: draftOf(desk),
    outcome: null as Sentence | null,
    forms: [] as PartForm[],

    get versionKey(): TextKey {
      return `update.${desk.state?.status.update.code ?? "unknown"}`;
    },
    get windows() {
      return desk.state?.status.game.windows ?? [];
    },
    join(form: PartForm) {
      this.forms.push(form);
    },
    async save() {
      this.outcome = { key: "test.working" };
      for (const form of this.forms) {
        if (await form.save()) continue;
        this.outcome = null;
        return;
      }
      const draft = {
        ...this.draft,
        commandAttempts: Number(this.draft.commandAttempts),
        pollSeconds: Number(this.draft.pollSeconds),
      };
      const result = await desk.save({ ...draft, gameWindow: draft.gameWindow || null });
      this.outcome = result.ok ? { key: "settings.saved" } : codeSentence(result.code, result.details);
    },
    async choose(change: Partial<DesktopSettings>) {
      const result = await desk.save(change);
      this.outcome = result.ok ? null : codeSentence(result.code, result.details);
    },
    async checkUpdate() {
      const result = await desk.ask({ kind: "check_update" });
      this.outcome = result.ok ? null : codeSentence(result.code, result.details);
    },
    setUpAgain() {
      desk.isSettingUp = true;
      desk.view = "work";
    },
  };
}

function draftOf({ state }: Desk): Draft {
  const settings = state?.settings;
  return {
    strategy: settings?.strategy ?? "send_input",
    mayUseOtherStrategy: settings?.mayUseOtherStrategy ?? true,
    commandAttempts: settings?.commandAttempts ?? 3,
    pollSeconds: settings?.pollSeconds ?? 15,
    syncsByItself: settings?.syncsByItself ?? false,
    sounds: settings?.sounds ?? false,
    gameWindow: settings?.gameWindow ?? null,
  };
}
