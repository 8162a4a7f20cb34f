import type { CandidateDto, GiftRequestDetailsDto, LeaseDto, PayoutDetailsDto } from "@mgm/domain/wire";
import type { DesktopState } from "../../wire/state.ts";
import type { ApiAnswer } from "../http/api-answer.ts";
import type { VersionDto } from "../http/api-client.ts";
import type { GameSight } from "../input/game-desk.ts";
import type { Sight } from "../sights.ts";

/** What was seen last, of everything that the bridge does not keep itself. Gone when the bridge ends. */
export class Memory {
  api: DesktopState["status"]["api"] = { state: "unknown", code: null, lastAnswerAt: null };
  lease: LeaseDto | null = null;
  version: VersionDto | null = null;
  payouts: readonly PayoutDetailsDto[] = [];
  /** Ended payouts that need attention. */
  attention: readonly PayoutDetailsDto[] = [];
  gifts: readonly GiftRequestDetailsDto[] = [];
  candidate: CandidateDto | null = null;
  /** What the game said of candidates, by cycle. */
  readonly reports = new Map<string, "online" | "offline">();
  readonly asked = new Set<string>();
  delayMs: number | null = null;
  lastAcknowledgedAt: number | null = null;
  screen: GameSight = { windows: [], picked: null };

  /** Another connection: what the last one told does not count. */
  forget(): void {
    this.api = { state: "unknown", code: null, lastAnswerAt: null };
    this.lease = null;
    this.version = null;
    this.payouts = [];
    this.attention = [];
    this.gifts = [];
    this.candidate = null;
  }

  /** Takes what a bridge saw at `now`. */
  see(sight: Sight, now: number): void {
    switch (sight.kind) {
      case "answer":
        this.#seeAnswer(sight.answer, now);
        return;
      case "beat":
        this.lease = sight.lease;
        return;
      case "payouts":
        this.payouts = sight.payouts;
        return;
      case "gifts":
        this.gifts = sight.gifts;
        return;
      case "candidate":
        this.#seeCandidate(sight.candidate);
        return;
      case "version":
        this.version = sight.version;
        return;
      case "tag":
        if (sight.tag.name === "WHO") {
          this.reports.set(sight.tag.report.spinCycleId, sight.tag.report.online ? "online" : "offline");
        }
        return;
      case "command":
        if (sight.command.phase === "typing" && sight.command.about.startsWith("who:")) {
          this.asked.add(sight.command.about.slice("who:".length));
        }
        if (sight.command.phase === "acknowledged") {
          this.delayMs = sight.command.delayMs;
          this.lastAcknowledgedAt = sight.command.at;
        }
        return;
      case "hello":
      case "talk":
      case "tick":
        return;
      default:
        sight satisfies never;
    }
  }

  #seeCandidate(candidate: CandidateDto | null): void {
    this.candidate = candidate;
    // Only the present cycle's are shown.
    for (const id of this.reports.keys()) if (id !== candidate?.spinCycleId) this.reports.delete(id);
    for (const id of this.asked) if (id !== candidate?.spinCycleId) this.asked.delete(id);
  }

  /** A refusal with a code is an answer like any other; only one about the key itself says that the API refuses us. */
  #seeAnswer(answer: ApiAnswer<unknown>, now: number): void {
    if (answer.kind === "unreachable") {
      this.api = { ...this.api, state: "unreachable", code: answer.reason };
    } else if (answer.kind === "refused" && (answer.status === 401 || answer.status === 403)) {
      this.api = { state: "refused", code: answer.code, lastAnswerAt: now };
    } else {
      this.api = { state: "ok", code: null, lastAnswerAt: now };
    }
  }
}
