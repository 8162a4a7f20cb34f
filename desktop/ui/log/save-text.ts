import type { BridgeLink } from "../link/bridge-link.ts";
import { codeSentence, type Sentence } from "../texts/texts.ts";

/** Saves a text as a file: where the window's host puts it, else as a download of the browser. */
export async function saveText(link: BridgeLink | null, name: string, text: string): Promise<Sentence | null> {
  try {
    const path = (await link?.saveText(name, text)) ?? null;
    if (path === null) download(name, text);
    return { key: "log.exported", values: { path: path ?? name } };
  } catch {
    return codeSentence("not_saved");
  }
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
