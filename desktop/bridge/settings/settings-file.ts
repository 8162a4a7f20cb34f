import { copyFile, readFile } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import type { DesktopSettings } from "../../wire/state.ts";
import { readSettingsText, writeSettingsText } from "./settings.ts";

/*
 * The settings on the disk. Written whole (a temporary file, synced, then renamed), so that whatever happens either the
 * old or the new ones are there. A file with faults is copied aside before a good one takes its place: whoever dies in
 * between finds it again, and copies it again.
 */

/** The streamer's choices, in memory and on the disk. */
export class SettingsFile {
  readonly #path: string;
  #value: DesktopSettings;
  #writing: Promise<void> = Promise.resolve();
  /** What was wrong with the file that was put aside, and where it is now; null when it was good. */
  readonly putAside: string | null;

  private constructor(path: string, value: DesktopSettings, putAside: string | null) {
    this.#path = path;
    this.#value = value;
    this.putAside = putAside;
  }

  /** Reads the file; without one, the defaults count. `now` is Unix milliseconds. */
  static async open(path: string, defaults: DesktopSettings, now: number): Promise<SettingsFile> {
    const text = await textOf(path);
    if (text === null) return new SettingsFile(path, defaults, null);
    const { settings, faults } = readSettingsText(text, defaults);
    if (faults.length === 0) return new SettingsFile(path, settings, null);
    const aside = `${path}.faulty-${now}`;
    await copyFile(path, aside);
    const file = new SettingsFile(path, settings, `${faults.join(", ")} (${aside})`);
    await file.change({});
    return file;
  }

  /** The settings as they are now; a new value after each change. */
  get value(): DesktopSettings {
    return this.#value;
  }

  /** Changes some; resolves when that is on the disk. What cannot be written does not count. */
  change(changed: Partial<DesktopSettings>): Promise<void> {
    // One after the other, each on top of what the one before has left.
    const written = this.#writing.then(() => this.#write(changed));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #write(changed: Partial<DesktopSettings>): Promise<void> {
    const next = { ...this.#value, ...changed };
    await writeFileAtomic(this.#path, writeSettingsText(next), { mode: 0o600 });
    this.#value = next;
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
