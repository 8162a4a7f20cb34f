import { randomInt } from "node:crypto";
import { eventSubSender } from "../twitch/eventsub.ts";
import { crowdMember, type Viewer, viewers, wearsSubscription } from "../twitch/viewers.ts";
import type { Audience } from "./audience.ts";
import { until } from "./until.ts";

/** Where chat is delivered to. */
export type ChatRoomOptions = {
  readonly apiUrl: string;
  readonly broadcasterId: string;
  readonly botUserId: string;
  readonly eventSubSecret: string;
  readonly signal: AbortSignal;
};

/** Who is in the pool after everybody has typed. */
export type Enrolment = { readonly enrolled: readonly Viewer[]; readonly ignored: readonly Viewer[] };

const FEWEST = 3;
const CROWD = 10_000_000;

/** The channel's chat, where viewers ask to be in the pool. */
export class ChatRoom {
  readonly #options: ChatRoomOptions;
  readonly #audience: Audience;

  constructor(options: ChatRoomOptions, audience: Audience) {
    this.#options = options;
    this.#audience = audience;
  }

  /** The cast types its commands; newcomers join when too few of the cast may still win. */
  async enrolCast(): Promise<Enrolment> {
    const enrolled: Viewer[] = [];
    const ignored: Viewer[] = [];
    for (const viewer of viewers) {
      const isIn = await this.enrol(viewer);
      if (isIn) enrolled.push(viewer);
      else if (!wearsSubscription(viewer.badges)) ignored.push(viewer);
    }
    while (enrolled.length < FEWEST) enrolled.push(await this.enrolNewcomer());
    return { enrolled, ignored };
  }

  /** One viewer types `!twgold <Name>`; whether the pool then has them. */
  async enrol(viewer: Viewer): Promise<boolean> {
    await this.#say(viewer, `!twgold ${viewer.character}`);
    return (await this.#audience.membership(viewer.id)).isEnrolled;
  }

  /** Somebody who has never been here. */
  async enrolNewcomer(): Promise<Viewer> {
    const newcomer = crowdMember(randomInt(CROWD));
    await this.enrol(newcomer);
    return newcomer;
  }

  /** Somebody who has never been here types `!twgift <Name>`. */
  async askForGift(): Promise<Viewer> {
    const newcomer = crowdMember(randomInt(CROWD));
    await this.#say(newcomer, `!twgift ${newcomer.character}`);
    return newcomer;
  }

  /** Twitch sends again what was not taken; the same message enrols once. */
  async #say(chatter: Viewer, text: string): Promise<void> {
    const { apiUrl, signal, ...channel } = this.#options;
    const { eventSubSecret: secret, broadcasterId, botUserId } = channel;
    const callbackUrl = `${apiUrl}/api/twitch/eventsub`;
    const sender = eventSubSender({ callbackUrl, secret, broadcasterId, botUserId });
    const message = sender.chatMessage({ chatter, text });
    await until(async () => {
      const answer = await sender.send(message).catch(() => null);
      return answer?.status === 200 ? answer : null;
    }, signal);
  }
}
