import type { DashboardDto, GiftQueueDto, PayoutDto, PoolMembershipDto, RouletteStateDto } from "@mgm/domain/wire";
import { type ApiAnswer, type ApiClient, type Freshness, mayPass } from "../http/client.ts";
import type { VersionDto } from "../http/wire.ts";
import { isActive, type Need, paceMs } from "../reading/pace.ts";
import { Reader, type ReadResult } from "../reading/reader.ts";
import { momentAt, overdueAt } from "../roulette/moment.ts";
import { Snapshots } from "../roulette/snapshots.ts";
import { ServerClock } from "../time/server-clock.ts";
import type { TwitchHelper } from "../twitch/helper.external.ts";
import { onlookerOf } from "../twitch/onlooker.ts";
import { wishesAfter } from "./news.ts";
import { NOTHING_SEEN, type Sight } from "./sight.ts";

/*
 * A page's eyes: hears Twitch (who is looking, pushed snapshots, visibility), reads the API, and holds what is known.
 *
 *   no token ─onAuthorized─► reading ─hidden─► paused ─visible─► reading, everything anew
 */

/** What a viewing is made of. */
export interface ViewingParts {
  readonly api: ApiClient;
  readonly helper: TwitchHelper;
  /** Which pages' needs: the broadcaster's pages read the dashboard, the others what concerns a viewer. */
  readonly audience: "viewers" | "broadcaster";
}

/** A timer that comes this much late slept: the clock may have been moved meanwhile. */
const ASLEEP_MS = 20_000;
/** How long after its time a snapshot is missed, with pushed messages and without; and spread over as much again. */
const PUSH_LAG_MS = 2_000;
const READ_LAG_MS = 300;
const READ_SPREAD_MS = 1_700;
const PUSH_SILENCE_MS = 60_000;

/** Sees what a page shows. */
export class Viewing {
  readonly clock = new ServerClock();
  readonly reader: Reader;
  readonly #parts: ViewingParts;
  readonly #snapshots = new Snapshots();
  readonly #hearers = new Set<() => void>();
  #sight: Sight = NOTHING_SEEN;
  #freshness: Freshness = "fresh";
  #lookedAt = Date.now();

  constructor(parts: ViewingParts) {
    this.#parts = parts;
    this.reader = new Reader({
      read: (need) => this.#read(need),
      dueAt: (need, lastAt) => this.#dueAt(need, lastAt),
      now: () => Date.now(),
      random: () => Math.random(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
  }

  get sight(): Sight {
    return this.#sight;
  }

  /** The server's time, as well as it is known. */
  now(): number {
    return this.clock.at(Date.now());
  }

  /** Calls back whenever something new is known. */
  onChange(hear: () => void): void {
    this.#hearers.add(hear);
  }

  start(): void {
    const { helper } = this.#parts;
    helper.onAuthorized(({ token }) => this.#recognise(token));
    helper.listen("broadcast", (_target, _type, message) => this.#hearPush(message));
    let isShown = true;
    const heed = (): void => (isShown && !document.hidden ? this.#wake() : this.reader.pause());
    helper.onVisibilityChanged((isVisible) => {
      isShown = isVisible;
      heed();
    });
    document.addEventListener("visibilitychange", heed);
  }

  /** To be called now and then: notices that the machine slept, or that its clock was put. */
  look(): void {
    const now = Date.now();
    const awayMs = now - this.#lookedAt;
    this.#lookedAt = now;
    if (Math.abs(awayMs) > ASLEEP_MS) this.#refresh();
    if (awayMs < -ASLEEP_MS) {
      this.#snapshots.forgetPushedAt();
      this.reader.startAnew();
    }
  }

  /** The viewer asks to try again now. */
  retry(): void {
    this.reader.retryNow();
  }

  /** Something of ours was changed by this page: what shows it is read at once. */
  changed(...needs: readonly Need[]): void {
    for (const need of needs) this.reader.want(need, 0);
  }

  #recognise(token: string): void {
    const onlooker = onlookerOf(token);
    this.#parts.api.token = token;
    const isAnother = this.#sight.onlooker?.kind !== onlooker?.kind;
    this.#set({ onlooker });
    this.reader.follow(needsOf(this.#parts.audience, onlooker?.kind === "known"));
    if (isAnother) this.changed("state", "membership", "payout", "gift");
    if (this.#sight.problem?.code === "unauthorized") this.retry();
    this.reader.resume();
  }

  #hearPush(message: string): void {
    const before = this.#snapshots.state;
    if (!this.clock.isSet || !this.#snapshots.takePushed(message, this.now(), Date.now())) return;
    this.#showState(before);
    this.reader.repace("state");
  }

  #wake(): void {
    this.#refresh();
    this.reader.resume();
  }

  #refresh(): void {
    this.#freshness = "fresh";
    this.changed("state", "payout", "membership", "gift", "dashboard");
  }

  async #read(need: Need): Promise<ReadResult> {
    switch (need) {
      case "state":
        return this.#readState();
      case "membership":
        return this.#take(need, await this.#get<PoolMembershipDto>("/api/pool/me"), (membership) => {
          const hasLeft = this.#sight.membership?.isEnrolled === true && !membership.isEnrolled;
          this.#set({ membership });
          if (hasLeft) this.changed("payout");
        });
      case "payout":
        return this.#take(need, await this.#get<PayoutDto | null>("/api/payouts/my-last?none=204"), (payout) => {
          const wasActive = this.#sight.payout !== null && isActive(this.#sight.payout);
          this.#set({ payout });
          if (wasActive && payout !== null && !isActive(payout)) this.changed("membership");
        });
      case "gift": {
        const channelId = encodeURIComponent(this.#sight.onlooker?.channelId ?? "");
        const answer = await this.#get<GiftQueueDto>(`/api/streamers/${channelId}/gift-queue`);
        return this.#take(need, answer, (gifts) => this.#set({ gifts }));
      }
      case "dashboard":
        return this.#take(need, await this.#get<DashboardDto>("/api/broadcaster/dashboard"), (dashboard) =>
          this.#set({ dashboard }),
        );
      case "version":
        return this.#take(need, await this.#get<VersionDto>("/api/version"), (version) => this.#set({ version }));
      default:
        return need satisfies never;
    }
  }

  async #readState(): Promise<ReadResult> {
    const freshness = this.#freshness;
    const answer = await this.#get<RouletteStateDto>("/api/roulette/state", freshness);
    return this.#take("state", answer, (state) => {
      if (!answer.ok) return;
      this.#freshness = "checked";
      const before = this.#snapshots.state;
      this.clock.learn(Date.parse(state.serverNow), answer.sentAt, answer.receivedAt);
      if (this.#snapshots.takeRead(state, answer.sentAt)) this.#showState(before);
    });
  }

  #get<Body>(path: string, freshness?: Freshness): Promise<ApiAnswer<Body>> {
    return this.#parts.api.get<Body>(path, freshness);
  }

  #take<Body>(need: Need, answer: ApiAnswer<Body>, show: (body: Body) => void): ReadResult {
    if (answer.ok) {
      if (this.#sight.problem !== null) this.#set({ problem: null });
      show(answer.body);
      return { kind: "done" };
    }
    const { code, retryAfterMs } = answer;
    const isForNow = mayPass(code);
    // Without the state or the dashboard there is nothing to show; the rest can be done without.
    if (isForNow || need === "state" || need === "dashboard") {
      this.#set({ problem: { code, isAskedFor: retryAfterMs > 0 } });
    }
    if (!isForNow) return { kind: "never" };
    return { kind: "later", retryAfterMs };
  }

  #showState(before: RouletteStateDto | null): void {
    const { state } = this.#snapshots;
    if (state === null) return;
    this.#set({ state });
    for (const { need, withinMs } of wishesAfter(before, state, this.#sight)) this.reader.want(need, withinMs);
  }

  #dueAt(need: Need, lastAt: number): number {
    const { state, payout, gifts } = this.#sight;
    const now = this.now();
    const moment = state === null ? null : momentAt(state, now);
    const silenceMs = PUSH_SILENCE_MS + (moment?.intervalMs ?? 0);
    const isPushed = Date.now() - this.#snapshots.pushedAt < silenceMs;
    const hasOpenGift = gifts?.mine != null && !["Completed", "Failed"].includes(gifts.mine.state);
    // A fifth more or less, so that viewers who began together drift apart.
    // A pushed snapshot is as good as a read one.
    const heardAt = need === "state" ? Math.max(lastAt, this.#snapshots.pushedAt) : lastAt;
    const pacedAt = heardAt + paceMs(need, { moment, isPushed, payout, hasOpenGift }) * (0.8 + 0.4 * Math.random());
    const overdue = need === "state" && state !== null ? overdueAt(state) : null;
    if (overdue === null || overdue <= now) return pacedAt;
    const lagMs = isPushed ? PUSH_LAG_MS * (1 + Math.random()) : READ_LAG_MS + READ_SPREAD_MS * Math.random();
    return Math.min(pacedAt, Date.now() + (overdue - now) + lagMs);
  }

  #set(news: Partial<Sight>): void {
    this.#sight = { ...this.#sight, ...news };
    for (const hear of this.#hearers) hear();
  }
}

function needsOf(audience: ViewingParts["audience"], isKnown: boolean): readonly Need[] {
  if (audience === "broadcaster") return ["state", "dashboard", "version"];
  return isKnown ? ["state", "membership", "payout", "gift", "version"] : ["state", "version"];
}
