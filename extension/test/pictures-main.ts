import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type OpenOptions, openStage } from "./browser.ts";
import { show, VIEWER_STATES } from "./states.ts";

/* `npm run pictures -w extension -- <folder>`: every state as people see it, to be looked at. */

const [folder = ".build/pictures", only = ""] = process.argv.slice(2);
const PHONE = { width: 390, height: 700 };
const STRIP = { width: 640, height: 120 };
const LOOKS = [
  { language: "en", theme: "light" },
  { language: "ru", theme: "dark" },
] as const;

mkdirSync(folder, { recursive: true });
const stage = await openStage();
const take = async (name: string, page: string, state: string, options: OpenOptions): Promise<void> => {
  if (!name.includes(only)) return;
  const shown = await show(stage, page, VIEWER_STATES[state], options);
  await shown.page.screenshot({ path: join(folder, `${name.replaceAll(/\W+/g, "-")}.png`) });
  await shown.close();
};
for (const look of LOOKS) {
  for (const state of Object.keys(VIEWER_STATES)) {
    await take(`panel ${state} ${look.language}`, "panel.html", state, look);
  }
  for (const state of ["joined", "won", "checking"]) {
    await take(`phone ${state} ${look.language}`, "mobile.html", state, { ...look, size: PHONE });
  }
  for (const state of ["spinning", "checking", "somebody else won", "won"]) {
    await take(`overlay ${state} ${look.language}`, "video_overlay.html", state, { ...look, size: STRIP });
  }
  for (const page of ["config.html", "live_config.html"]) {
    await take(`${page} ${look.language}`, page, "joined", { ...look, size: { width: 480, height: 900 } });
  }
}
await stage.stop();
