import { defaultSettings } from "../bridge/settings/settings.ts";
import { SettingsFile } from "../bridge/settings/settings-file.ts";

/* Changes settings as fast as it can, in a process of its own that a test kills. */

const { SETTINGS_PATH = "" } = process.env;
const file = await SettingsFile.open(SETTINGS_PATH, defaultSettings({ platform: "linux", locale: "en" }), Date.now());
process.stdout.write("writing\n");
for (let seconds = 5; ; seconds = seconds === 600 ? 5 : seconds + 1) {
  await file.change({ pollSeconds: seconds, gameFolder: `/games/${"x".repeat(seconds)}` });
}
