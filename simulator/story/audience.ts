import type {
  GiftQueueDto,
  GiftRequestDto,
  PayoutDetailsDto,
  PayoutDto,
  PoolMembershipDto,
  RouletteStateDto,
} from "@mgm/domain/wire";
import { extensionJwt } from "../twitch/extension-jwt.ts";
import { PatientClient } from "./patient-client.ts";

/** Where to look, and with whose eyes. */
export type AudienceOptions = {
  readonly apiUrl: string;
  readonly broadcasterId: string;
  readonly extensionSecret: string;
  readonly desktopKey: string;
  readonly signal: AbortSignal;
};

/** Enough that nobody of them reads more often than a viewer may. */
const ONLOOKERS = 8;
const NEWEST = 20;

/** Everything that the story knows about the product, it sees from outside: as viewers and as a desktop. */
export class Audience {
  readonly #options: AudienceOptions;
  readonly #desktop: PatientClient;
  readonly #viewers = new Map<string, PatientClient>();
  #looks = 0;

  constructor(options: AudienceOptions) {
    this.#options = options;
    const { apiUrl, desktopKey, signal } = options;
    const headers = { "X-MGM-ApiKey": desktopKey };
    this.#desktop = new PatientClient({ apiUrl, headers: () => headers, signal });
  }

  /** What every viewer sees. */
  async state(): Promise<RouletteStateDto> {
    const onlooker = `onlooker-${this.#looks++ % ONLOOKERS}`;
    return await this.#read(this.#viewer(onlooker), "/api/roulette/state");
  }

  async membership(twitchUserId: string): Promise<PoolMembershipDto> {
    return await this.#read(this.#viewer(twitchUserId), "/api/pool/me");
  }

  /** A viewer's newest payout; null when there is none to be seen. */
  async lastPayout(twitchUserId: string): Promise<PayoutDto | null> {
    const answer = await this.#viewer(twitchUserId).request<PayoutDto>("GET", "/api/payouts/my-last");
    return answer.ok ? answer.body : null;
  }

  /** A viewer's newest gift request, ended ones too; null when there is none. */
  async gift(twitchUserId: string): Promise<GiftRequestDto | null> {
    const path = `/api/streamers/${this.#options.broadcasterId}/gift-queue`;
    return (await this.#read<GiftQueueDto>(this.#viewer(twitchUserId), path)).mine;
  }

  /** The newest payouts, the newest first. */
  async payouts(): Promise<readonly PayoutDetailsDto[]> {
    const page = await this.#read<{ items: PayoutDetailsDto[] }>(this.#desktop, `/api/payouts?limit=${NEWEST}`);
    return page.items;
  }

  #viewer(twitchUserId: string): PatientClient {
    const known = this.#viewers.get(twitchUserId);
    if (known !== undefined) return known;
    const { apiUrl, signal, extensionSecret: secret, broadcasterId: channelId } = this.#options;
    const viewer = new PatientClient({
      apiUrl,
      signal,
      headers: async () => ({
        Authorization: `Bearer ${await extensionJwt({ role: "viewer", userId: twitchUserId }, { secret, channelId })}`,
      }),
    });
    this.#viewers.set(twitchUserId, viewer);
    return viewer;
  }

  async #read<Body>(client: PatientClient, path: string): Promise<Body> {
    const answer = await client.request<Body>("GET", path);
    if (!answer.ok) throw new Error(`GET ${path} was refused with ${answer.status} ${answer.code}`);
    return answer.body;
  }
}
