import { describe, expect, it } from "vitest";
import { defaultDataFolder } from "./data-folder.ts";
import { defaultSettings, readSettingsText, SETTINGS_VERSION, settingsPatch, writeSettingsText } from "./settings.ts";

const DEFAULTS = defaultSettings({ platform: "linux", locale: "en-GB" });
const kept = (settings: Record<string, unknown>, version: unknown = SETTINGS_VERSION) =>
  JSON.stringify({ version, settings });

describe("a settings file", () => {
  it("says what was written", () => {
    const settings = { ...DEFAULTS, apiUrl: "https://api.example", pollSeconds: 30, gameWindow: "7:12" };
    expect(readSettingsText(writeSettingsText(settings), DEFAULTS)).toEqual({ settings, faults: [] });
  });

  it("keeps what is right beside what is wrong, and tells which is wrong and not how", () => {
    const { settings, faults } = readSettingsText(
      kept({ apiUrl: "ftp://secret@api", pollSeconds: 4, sounds: false, language: "ru", theme: 7 }),
      DEFAULTS,
    );
    expect(faults).toEqual(["apiUrl", "theme", "pollSeconds"]);
    expect(settings).toEqual({ ...DEFAULTS, sounds: false, language: "ru" });
  });

  it("of an earlier version is led through what has changed since", () => {
    const bare = JSON.stringify({ apiUrl: "https://api.example", sounds: false });
    expect(readSettingsText(bare, DEFAULTS)).toEqual({
      settings: { ...DEFAULTS, apiUrl: "https://api.example", sounds: false },
      faults: [],
    });
  });

  it.each([
    ["", "no_json"],
    ['{"version":1,"settings":{', "no_json"],
    ["[]", "no_json"],
    ['"settings"', "no_json"],
    [kept({}, SETTINGS_VERSION + 1), "newer_version"],
    [kept({}, "one"), "no_settings"],
    [JSON.stringify({ version: 1, settings: [] }), "no_settings"],
  ])("that says %s counts as none", (text, fault) => {
    expect(readSettingsText(text, DEFAULTS)).toEqual({ settings: DEFAULTS, faults: [fault] });
  });
});

describe("where the API may be", () => {
  it.each([
    ["https://api.example/", "https://api.example"],
    [" https://api.example/mgm ", "https://api.example/mgm"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://192.168.1.7", "http://192.168.1.7"],
    ["http://172.31.0.1", "http://172.31.0.1"],
    ["http://streaming-pc.local", "http://streaming-pc.local"],
    ["", ""],
  ])("%s", (text, apiUrl) => {
    expect(settingsPatch.parse({ apiUrl })).toEqual({ apiUrl });
    expect(settingsPatch.parse({ apiUrl: text })).toEqual({ apiUrl });
  });

  it.each([
    "http://api.example",
    "http://172.32.0.1",
    "http://127.0.0.1.example",
    "http://192.168.1.7.example",
    "https://user:word@api.example",
    "https://api.example?key=1",
    "file:///etc/passwd",
    "api.example",
  ])("not %s, where the key would be heard or lost", (apiUrl) => {
    expect(settingsPatch.safeParse({ apiUrl }).success).toBe(false);
  });
});

it.each([{ pollSeconds: 601 }, { pollSeconds: 5.5 }, { commandAttempts: 0 }, { commandAttempts: 11 }, { apiKey: "k" }])(
  "%j is no setting",
  (patch) => {
    expect(settingsPatch.safeParse(patch).success).toBe(false);
  },
);

it.each([
  ["linux", "ru_RU.UTF-8", "ru", "send_input"],
  ["win32", "ru-RU", "ru", "post_message"],
  ["win32", "de-DE", "en", "post_message"],
] as const)("a fresh start on %s in %s speaks %s and types by %s", (platform, locale, language, strategy) => {
  expect(defaultSettings({ platform, locale })).toMatchObject({ language, strategy });
});

it.each([
  ["linux", {}, "/home/me/.local/share/mimirons-gold-o-matic"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/data/mimirons-gold-o-matic"],
  ["darwin", {}, "/home/me/Library/Application Support/Mimiron's Gold-o-Matic"],
  ["win32", { APPDATA: "/roaming" }, "/roaming/Mimiron's Gold-o-Matic"],
] as const)("on %s with %j data lie in %s", (platform, variables, folder) => {
  expect(defaultDataFolder({ platform, home: "/home/me", variables })).toBe(folder);
});
