import type { DescribedItem, WhoReport } from "@mgm/domain/chat-line/payload";
import type { DESKTOP_FAILURE_REASONS } from "@mgm/domain/gift";
import type { PayoutStatus } from "@mgm/domain/payout";
import type {
  CandidateDto,
  GiftRequestDetailsDto,
  LeaseDto,
  PayoutDetailsDto,
  VerifyResultDto,
} from "@mgm/domain/wire";
import { type ApiAnswer, isRecord, readAnswer } from "./api-answer.ts";
import { isGiftList } from "./gift-list.ts";

/** Where the API is and who asks. */
export interface ApiClientOptions {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Which desktop this is, a UUID. */
  readonly desktopId: string;
  /** How long one request may take. */
  readonly deadlineMs?: number;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
  /** Told every answer, and every lack of one. */
  readonly onAnswer?: (answer: ApiAnswer<unknown>) => void;
}

/** POST /api/desktop/heartbeat. */
export interface HeartbeatInput {
  readonly desktopVersion: string;
  readonly addonVersion: string | null;
  readonly character: string | null;
  readonly realm: string | null;
  readonly transport: string | null;
  readonly gameFound: boolean | null;
  readonly bangSwallowed: boolean | null;
  /** How many there ever were. */
  readonly forgedLines: number;
  readonly takeOver: boolean;
}

/** GET /api/version. */
export interface VersionDto {
  readonly version: string;
  readonly minimumDesktopVersion: string;
  readonly minimumAddonVersion: string;
  readonly releaseNotesUrl?: string;
}

/** A page of GET /api/payouts, newest first; `before` asks for the next one. */
export interface PayoutPageDto {
  readonly items: readonly PayoutDetailsDto[];
  readonly before: string | null;
}

/** What every answer about a gift request has. */
export interface GiftReply {
  readonly id: string;
  /** When its mail was said to have been sent; null or absent before. */
  readonly deliveredAt?: string | null;
}

/** Above what the API allows itself (3 s, and 3 s more for an announcement). */
const DEADLINE_MS = 10_000;

/** The desktop's side of the API. Asks once, and never rejects: what came of it is the answer. */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** Says that this desktop is there; answers which one is active. */
  heartbeat(input: HeartbeatInput): Promise<ApiAnswer<LeaseDto>> {
    return this.#ask("POST", "/api/desktop/heartbeat", isLease, input);
  }

  /** Whom to look for with /who; null when there is nobody. */
  candidate(): Promise<ApiAnswer<CandidateDto | null>> {
    return this.#ask("GET", "/api/roulette/candidate", isCandidate);
  }

  /** Reports what /who said. */
  verifyCandidate(report: WhoReport): Promise<ApiAnswer<VerifyResultDto>> {
    const isVerified = (value: unknown): value is VerifyResultDto =>
      isRecord(value) && sameId(value.spinCycleId, report.spinCycleId);
    return this.#ask("POST", "/api/roulette/verify-candidate", isVerified, { schemaVersion: 1, ...report });
  }

  /** Payouts for which gold is owed, oldest first. */
  pendingPayouts(): Promise<ApiAnswer<readonly PayoutDetailsDto[]>> {
    return this.#ask("GET", "/api/payouts/pending", isPayoutList);
  }

  /** All payouts, newest first, page by page. */
  payouts(before: string | null): Promise<ApiAnswer<PayoutPageDto>> {
    const from = before === null ? "" : `&before=${encodeURIComponent(before)}`;
    return this.#ask("GET", `/api/payouts?limit=200${from}`, isPayoutPage);
  }

  /** Asks for a status. */
  changeStatus(payoutId: string, status: PayoutStatus): Promise<ApiAnswer<PayoutDetailsDto>> {
    return this.#ask("PATCH", `/api/payouts/${payoutId}/status`, isPayout(payoutId), { status });
  }

  /** Somebody has looked at what needed attention. */
  settle(payoutId: string, note: string): Promise<ApiAnswer<PayoutDetailsDto>> {
    return this.#ask("POST", `/api/payouts/${payoutId}/settle`, isPayout(payoutId), { note });
  }

  /** The winner agreed. */
  confirmAcceptance(payoutId: string, characterName: string): Promise<ApiAnswer<PayoutDetailsDto>> {
    const path = `/api/payouts/${payoutId}/confirm-acceptance`;
    return this.#ask("POST", path, isPayout(payoutId), { characterName });
  }

  /** The mail left: by the game's word, or by the streamer's (`byHand`). */
  confirmMailSent(payoutId: string, byHand: boolean): Promise<ApiAnswer<PayoutDetailsDto>> {
    return this.#ask("POST", `/api/payouts/${payoutId}/confirm-mail-sent`, isPayout(payoutId), { byHand });
  }

  /** Open gift requests in the order of the queue, then those whose mail was not sent. */
  giftRequests(): Promise<ApiAnswer<readonly GiftRequestDetailsDto[]>> {
    return this.#ask("GET", "/api/gift-requests", isGiftList);
  }

  /** The item that was drawn for a gift request. */
  selectItem(giftRequestId: string, item: DescribedItem): Promise<ApiAnswer<GiftReply>> {
    return this.#ask("POST", `/api/gift-requests/${giftRequestId}/select-item`, isGift(giftRequestId), { item });
  }

  /** What the viewer said to the gift. */
  confirmGift(giftRequestId: string, confirmed: boolean): Promise<ApiAnswer<GiftReply>> {
    return this.#ask("POST", `/api/gift-requests/${giftRequestId}/confirm`, isGift(giftRequestId), { confirmed });
  }

  /** The gift's mail left. */
  giftSent(giftRequestId: string): Promise<ApiAnswer<GiftReply>> {
    return this.#ask("POST", `/api/gift-requests/${giftRequestId}/sent`, isGift(giftRequestId));
  }

  /** Ends a gift request. */
  failGift(giftRequestId: string, reason: (typeof DESKTOP_FAILURE_REASONS)[number]): Promise<ApiAnswer<GiftReply>> {
    const body = { state: "Failed", reason };
    return this.#ask("PATCH", `/api/gift-requests/${giftRequestId}`, isGift(giftRequestId), body);
  }

  /** What the server is and which versions it works with. */
  version(): Promise<ApiAnswer<VersionDto>> {
    return this.#ask("GET", "/api/version", isVersion);
  }

  async #ask<Body>(
    method: string,
    path: string,
    isBody: (value: unknown) => value is Body,
    body?: unknown,
  ): Promise<ApiAnswer<Body>> {
    const answer = await this.#fetch(method, path, isBody, body);
    // What ended because we end says nothing about the API.
    if (this.#options.signal?.aborted !== true) this.#options.onAnswer?.(answer);
    return answer;
  }

  async #fetch<Body>(
    method: string,
    path: string,
    isBody: (value: unknown) => value is Body,
    body?: unknown,
  ): Promise<ApiAnswer<Body>> {
    const { apiUrl, apiKey, desktopId, deadlineMs = DEADLINE_MS, signal: ending } = this.#options;
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: {
          "X-MGM-ApiKey": apiKey,
          "X-MGM-Desktop": desktopId,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A POST that is redirected would become a GET, whose answer means nothing; and the key stays where it belongs.
        redirect: "manual",
        signal: ending === undefined ? deadline : AbortSignal.any([ending, deadline]),
      });
      const text = await response.text();
      return readAnswer({ status: response.status, text, retryAfter: response.headers.get("Retry-After") }, isBody);
    } catch {
      return { kind: "unreachable", reason: deadline.aborted ? "deadline" : "network", status: null };
    }
  }
}

function isLease(value: unknown): value is LeaseDto {
  return isRecord(value) && typeof value.active === "boolean";
}

function isCandidate(value: unknown): value is CandidateDto | null {
  return value === null || (isRecord(value) && isText(value.spinCycleId) && isText(value.characterName));
}

function isPayoutList(value: unknown): value is readonly PayoutDetailsDto[] {
  return Array.isArray(value) && value.every((one) => isRecord(one) && isText(one.id) && isText(one.characterName));
}

function isPayoutPage(value: unknown): value is PayoutPageDto {
  return isRecord(value) && isPayoutList(value.items) && (value.before === null || isText(value.before));
}

function isVersion(value: unknown): value is VersionDto {
  return isRecord(value) && isText(value.version) && isText(value.minimumAddonVersion);
}

function isPayout(payoutId: string) {
  return (value: unknown): value is PayoutDetailsDto => isRecord(value) && sameId(value.id, payoutId);
}

function isGift(giftRequestId: string) {
  return (value: unknown): value is GiftReply => isRecord(value) && sameId(value.id, giftRequestId);
}

function sameId(value: unknown, id: string): boolean {
  return typeof value === "string" && value.toLowerCase() === id.toLowerCase();
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
