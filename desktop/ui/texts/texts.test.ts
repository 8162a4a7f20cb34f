import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRefusalCode } from "@mgm/domain/refusal";
import { describe, expect, it } from "vitest";
import { EVENT_DETAILS } from "../../wire/event-codes.ts";
import { isTextKey, say, TEXTS } from "./texts.ts";

const UI = join(import.meta.dirname, "..");
const LANGUAGES = ["en", "ru"] as const;

/** The markup and code of the window. */
const sources = readdirSync(UI, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(html|ts)$/.test(path) && !/(^|[\\/])(dist|test)[\\/]|\.test\.ts$/.test(path))
  .map((path) => readFileSync(join(UI, path), "utf8"));

function forms(text: string | Record<string, string>): string[] {
  return typeof text === "string" ? [text] : Object.values(text);
}

describe("the texts", () => {
  it("say the same places in every form of both languages", () => {
    const placesOf = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();
    const odd = Object.entries(TEXTS).filter(([, { en, ru }]) => {
      const wanted = placesOf(forms(en).at(-1) ?? "");
      return [...forms(en), ...forms(ru)].some(
        (text) => placesOf(text).replace("{n}", "") !== wanted.replace("{n}", ""),
      );
    });
    expect(odd.map(([key]) => key)).toEqual([]);
  });

  it("are there for every name that the markup uses", () => {
    // In code the compiler sees to it.
    const used = sources
      .filter((source) => source.startsWith("<"))
      .flatMap((source) => [...source.matchAll(/\$t\('([\w.]+)'[,)]/g)].map(([, key = ""]) => key));
    expect(used.length).toBeGreaterThan(60);
    expect([...new Set(used)].filter((key) => !isTextKey(key))).toEqual([]);
  });

  it("are used, each of them", () => {
    const all = sources.join("\n");
    const isUsed = (key: string) => {
      const [, family = ""] = /^(.*\.)\w+$/.exec(key) ?? [];
      return (
        all.includes(`'${key}'`) ||
        all.includes(`"${key}"`) ||
        all.includes(`${family}\${`) ||
        all.includes(`'${family}' +`)
      );
    };
    const declared = Object.keys(TEXTS).filter((key) => !all.replaceAll(`"${key}":`, "").includes(key) && !isUsed(key));
    expect(declared).toEqual([]);
  });

  it("have a sentence for every event that the bridge tells", () => {
    for (const [code, details] of Object.entries(EVENT_DETAILS)) {
      const values = Object.fromEntries(details.map((name) => [name, `<${name}>`]));
      for (const language of LANGUAGES) {
        expect([code, isTextKey(`event.${code}`)]).toEqual([code, true]);
        expect(say(language, `event.${code}`, { ...values, n: 1 })).not.toContain("{");
      }
    }
  });

  it("count in both languages", () => {
    const counted = [1, 2, 5, 21].map((n) => say("ru", "pill.mailbox", { n }));
    expect(new Set(counted.map((text) => text.replace(/\d+/, "").replace(/ +/g, " "))).size).toBe(3);
    expect(say("en", "pill.mailbox", { n: 1 })).not.toBe(say("en", "pill.mailbox", { n: 2 }).replace("2", "1"));
  });

  it("know what the API's refusals of a desktop mean", () => {
    const codes = [
      "held_by_other_desktop",
      "terminal_status_change_not_allowed",
      "desktop_not_active",
      "forbidden_apikey",
    ];
    expect(codes.filter((code) => !isRefusalCode(code) || !isTextKey(`code.${code}`))).toEqual([]);
  });
});
