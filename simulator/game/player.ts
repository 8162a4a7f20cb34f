import type { GameClock } from "./clock.ts";
import type { Character, ReceivedMail, ReceivedWhisper } from "./world/character.ts";
import type { World } from "./world/world.ts";

/** Another character of the realm, as a test or a story plays it. */
export class Player {
  readonly #world: World;
  readonly #clock: GameClock;
  readonly character: Character;

  constructor(world: World, character: Character) {
    this.#world = world;
    this.#clock = world.clock;
    this.character = character;
  }

  get name(): string {
    return this.character.name;
  }

  /** What this one was whispered, in order. */
  get whispers(): readonly ReceivedWhisper[] {
    return this.character.whispers;
  }

  /** What lies in this one's mailbox, in order. */
  get mails(): readonly ReceivedMail[] {
    return this.character.mails;
  }

  /** Whispers to the streamer's character, or to somebody else. */
  whisper(text: string, to: string = this.#world.streamer.name): void {
    this.#world.chat.receive(this.character, { kind: "WHISPER", text, target: to });
  }

  /** Says something where the streamer hears it: SAY, YELL, EMOTE, GUILD, RAID, RAID_WARNING, CHANNEL … */
  say(text: string, kind = "SAY", channel?: string): void {
    this.#world.chat.receive(this.character, { kind, text, target: channel });
  }

  /** Answers every whisper for which `answer` gives a text, some time later. */
  answers(answer: (text: string) => string | undefined, delayMs = 2_000): void {
    this.#world.onWhisper((receiver, from, text) => {
      if (receiver !== this.character || from !== this.#world.streamer) return;
      const reply = answer(text);
      if (reply !== undefined) this.#clock.after(delayMs, () => this.whisper(reply));
    });
  }

  goOnline(): void {
    this.character.online = true;
  }

  goOffline(): void {
    this.character.online = false;
  }
}
