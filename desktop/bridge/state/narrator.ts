import type { Tag } from "@mgm/domain/chat-line/tag";
import type { PayoutDetailsDto } from "@mgm/domain/wire";
import type { EventCode } from "../../wire/event-codes.ts";
import type { EventRow } from "../../wire/state.ts";
import type { CommandSight } from "../commands/command-queue.ts";
import { factOf, sameness } from "../delivery/fact.ts";
import type { Sight } from "../sights.ts";
import { ONLY, type Store } from "../store/store.ts";
import type { EventLog } from "./event-log.ts";
import type { Memory } from "./memory.ts";
import { nameInStore } from "./store-rows.ts";

/**
 * Tells the event log what a bridge sees: what is new, once. What the addon repeats after a hello is told again only if
 * it is about a payout whose story is not over.
 */
export class Narrator {
  readonly #store: Store;
  readonly #events: EventLog;
  readonly #memory: Memory;
  readonly #statuses = new Map<string, PayoutDetailsDto["status"]>();
  readonly #told = new Set<string>();
  #questions = new Set<string>();
  #forgeries: number;
  #isActive = false;
  #apiState: Memory["api"]["state"] = "unknown";
  #candidate: string | null = null;

  constructor({
    store,
    events,
    memory,
  }: { readonly store: Store; readonly events: EventLog; readonly memory: Memory }) {
    this.#store = store;
    this.#events = events;
    this.#memory = memory;
    this.#forgeries = store.get("forgeries", ONLY)?.total ?? 0;
    this.#questions = new Set(store.all("question").keys());
  }

  /** To be called after the memory took the sight. */
  see(sight: Sight, now: number): void {
    switch (sight.kind) {
      case "answer":
        this.#tellApi(now);
        return;
      case "beat":
        this.#tellLease(sight.lease.active, now);
        return;
      case "payouts":
        this.#tellPayouts(sight.payouts, now);
        return;
      case "candidate":
        this.#tellCandidate(now);
        return;
      case "hello": {
        const { character, realm, addonVersion } = sight.hello;
        this.#note("info", "hello_answered", { character, realm, addonVersion }, now);
        return;
      }
      case "tag":
        this.#tellTag(sight.tag, now);
        return;
      case "command":
        this.#tellCommand(sight.command, now);
        return;
      case "tick":
        this.#tellStore(now);
        return;
      case "gifts":
      case "version":
      case "talk":
        return;
      default:
        sight satisfies never;
    }
  }

  #tellApi(now: number): void {
    const { state, code } = this.#memory.api;
    const before = this.#apiState;
    this.#apiState = state;
    if (state === before) return;
    if (state !== "ok") this.#note("bad", "api_lost", { code: code ?? state }, now);
    else if (before !== "unknown") this.#note("good", "api_back", {}, now);
  }

  #tellLease(isActive: boolean, now: number): void {
    if (isActive === this.#isActive) return;
    this.#isActive = isActive;
    this.#note(isActive ? "good" : "bad", isActive ? "lease_gained" : "lease_lost", {}, now);
  }

  #tellPayouts(payouts: readonly PayoutDetailsDto[], now: number): void {
    for (const { id, status, characterName } of payouts) {
      const before = this.#statuses.get(id);
      this.#statuses.set(id, status);
      if (before === undefined && status === "Pending") this.#noteMail("info", "payout_seen", id, now, characterName);
      if (before === "Pending" && status === "InProgress")
        this.#noteMail("info", "payout_in_progress", id, now, characterName);
    }
    const active = new Set(payouts.map(({ id }) => id));
    for (const id of this.#statuses.keys()) {
      if (active.has(id)) continue;
      this.#statuses.delete(id);
      this.#noteMail("info", "payout_over", id, now);
    }
  }

  #tellCandidate(now: number): void {
    const { candidate } = this.#memory;
    if (candidate === null || candidate.spinCycleId === this.#candidate) return;
    this.#candidate = candidate.spinCycleId;
    this.#note("info", "candidate_drawn", { characterName: candidate.characterName }, now);
  }

  #tellTag(tag: Tag, now: number): void {
    // The addon repeats after each hello what the API knows long since.
    const fact = factOf(tag);
    if (fact !== null && this.#store.get("told", sameness(fact)) !== undefined) return;
    switch (tag.name) {
      case "READY":
        this.#note("info", "world_entered", {}, now);
        return;
      case "BYE":
        this.#note("info", "world_left", {}, now);
        return;
      case "WHO": {
        const { spinCycleId, characterName, online } = tag.report;
        if (!this.#isNews(`who:${spinCycleId}`)) return;
        this.#note(online ? "good" : "info", online ? "candidate_online" : "candidate_offline", { characterName }, now);
        return;
      }
      case "ACCEPT":
        this.#noteMail("good", "winner_accepted", tag.id, now);
        return;
      case "SENDING":
        this.#noteMail("info", "mail_sending", tag.id, now);
        return;
      case "CONFIRM":
      case "GIFT_SENT":
        this.#noteMail("good", "mail_sent", tag.id, now);
        return;
      default:
        return;
    }
  }

  #tellCommand(command: CommandSight, now: number): void {
    const { about, phase } = command;
    if (phase === "failed") {
      this.#note("bad", "command_failed", { about, fault: command.fault }, now);
      return;
    }
    if (phase !== "acknowledged") return;
    const [what = "", ids = ""] = about.split(":");
    const code = WHEN_ACKNOWLEDGED[what];
    if (code !== undefined) for (const id of ids.split(",")) this.#noteMail("info", code, id, now);
  }

  /** What happens in the store while lines are read. */
  #tellStore(now: number): void {
    const total = this.#store.get("forgeries", ONLY)?.total ?? 0;
    if (total > this.#forgeries) this.#note("forged", "forged_lines", { count: String(total - this.#forgeries) }, now);
    this.#forgeries = total;
    const questions = this.#store.all("question");
    for (const [id, { reason }] of questions) {
      if (this.#questions.has(id)) continue;
      this.#note("bad", "question_raised", { characterName: this.#nameOf(id), id, reason }, now);
    }
    this.#questions = new Set(questions.keys());
  }

  /** An event of a payout's or a gift's story, once per run. */
  #noteMail(level: EventRow["level"], code: EventCode, id: string, now: number, name = this.#nameOf(id)): void {
    if (this.#isNews(`${code}:${id}`)) this.#note(level, code, { characterName: name, id }, now);
  }

  #isNews(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    const [oldest] = this.#told;
    if (this.#told.size > MOST_TOLD && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }

  #nameOf(id: string): string {
    return nameInStore(this.#store, id) ?? "";
  }

  #note(level: EventRow["level"], code: EventCode, details: Readonly<Record<string, string>>, now: number): void {
    this.#events.note({ level, code, details }, now);
  }
}

const MOST_TOLD = 2_000;
const WHEN_ACKNOWLEDGED: Readonly<Record<string, EventCode>> = {
  whisper: "winner_whispered",
  gold: "gold_named",
  withdraw: "payout_withdrawn",
};
