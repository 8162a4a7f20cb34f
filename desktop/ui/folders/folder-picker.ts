import type { Desk } from "../page/desk.ts";
import { codeSentence, type Sentence } from "../texts/texts.ts";

/** Walks through the folders of the bridge's machine, inside the page: a native dialog would freeze Neutralino's server. */
export function folderPicker(desk: Desk, start: string) {
  return {
    path: "",
    /** Where one up leads; null in the list of places to begin. */
    parent: null as string | null,
    folders: [] as readonly string[],
    outcome: null as Sentence | null,

    async init() {
      if (!(await this.go(start))) await this.go("");
    },
    /** False when there is no such folder; then nothing changes but what is said. */
    async go(path: string): Promise<boolean> {
      const result = await desk.ask({ kind: "list_folder", path });
      if (!result.ok || result.data?.kind !== "folder") {
        this.outcome = result.ok ? null : codeSentence(result.code, result.details);
        return false;
      }
      this.outcome = null;
      this.path = result.data.path;
      this.parent = result.data.parent;
      this.folders = result.data.folders;
      return true;
    },
    get canGoUp(): boolean {
      return this.path !== "";
    },
    goUp() {
      return this.go(this.parent ?? "");
    },
    /** The last part of a path; a place to begin shows whole. */
    nameOf(folder: string): string {
      if (this.path === "") return folder;
      return folder.split(/[\\/]/).findLast((part) => part !== "") ?? folder;
    },
  };
}
