import type { ActionData } from "../../wire/protocol.ts";
import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence } from "../texts/texts.ts";

type FolderSight = Extract<ActionData, { readonly kind: "game_folder" }>;

/** Where game and log are; looked at before it is kept. In the settings and in the set-up. */
export function gameForm(desk: Desk) {
  const { settings, setup } = desk.state ?? {};
  return {
    gameFolder: settings?.gameFolder || (setup?.foundGameFolders[0] ?? ""),
    logPath: settings?.logPath ?? "",
    isBusy: false,
    isPicking: false,
    sight: null as FolderSight | null,
    outcome: null as Sentence | null,

    get found(): readonly string[] {
      return (desk.state?.setup.foundGameFolders ?? []).filter((folder) => folder !== this.gameFolder);
    },
    get canTest(): boolean {
      return !this.isBusy && desk.isOpen && (this.gameFolder !== "" || this.logPath !== "");
    },
    /** Without a game there is nothing to do; addon and log may still come. Whoever names no game names its log. */
    get isGood(): boolean {
      if (this.sight === null) return false;
      return this.gameFolder === "" ? this.sight.hasLog : this.sight.hasGame;
    },
    change() {
      this.sight = null;
      this.outcome = null;
    },
    take(folder: string) {
      this.gameFolder = folder;
      this.isPicking = false;
      this.change();
      void this.test();
    },
    async test() {
      if (!this.canTest) return;
      const { gameFolder, logPath } = this;
      this.isBusy = true;
      const result = await desk.ask({ kind: "test_game_folder", gameFolder, logPath });
      this.isBusy = false;
      if (!result.ok) this.outcome = codeSentence(result.code, result.details);
      else if (result.data?.kind === "game_folder") this.sight = result.data;
    },
    async save(): Promise<boolean> {
      const result = await desk.save({ gameFolder: this.gameFolder, logPath: this.logPath });
      if (!result.ok) this.outcome = codeSentence(result.code, result.details);
      return result.ok;
    },
  };
}
