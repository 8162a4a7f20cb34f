import type { BridgeAlert } from "../bridge-options.ts";
import type { BridgeView } from "../bridge-view.ts";
import type { Sight } from "../sights.ts";
import type { Store } from "../store/store.ts";
import type { AlertBoard } from "./alert-board.ts";
import type { EventLog } from "./event-log.ts";
import type { Memory } from "./memory.ts";
import { nameInStore } from "./store-rows.ts";

/** A log that has just been looked for may be there at the next look. */
const LOG_PATIENCE_MS = 5_000;

/** What the alarm looks at besides sights. */
export interface AlarmConditions {
  readonly bridge: BridgeView | null;
  readonly memory: Memory;
  readonly logPath: string | null;
  readonly isApiKeyInFile: boolean;
  /** Why nothing can be typed on this machine; null when it can. */
  readonly inputFault: string | null;
}

/** Decides what the streamer is alerted to. */
export class Alarm {
  readonly #store: Store;
  readonly #alerts: AlertBoard;
  readonly #events: EventLog;
  /** Mails that did not leave, as of the last look. */
  readonly #failedMails = new Set<string>();
  #logMissingSince: number | null = null;
  #wasLogPresent: boolean | null = null;

  constructor(parts: { readonly store: Store; readonly alerts: AlertBoard; readonly events: EventLog }) {
    const { store, alerts, events } = parts;
    this.#store = store;
    this.#alerts = alerts;
    this.#events = events;
  }

  /** The bridge says that something went wrong, or is right again. */
  hear(alert: BridgeAlert, now: number): void {
    const alerts = this.#alerts;
    switch (alert.code) {
      case "command_failed": {
        const { about, fault } = alert;
        alerts.raise({ code: "command_failed", about, details: { about, fault }, canRetry: isRepeatable(about) }, now);
        return;
      }
      case "hands_busy":
        alerts.raise({ code: "hands_busy", details: { about: alert.about } }, now);
        return;
      case "delivery_held":
        alerts.raise({ code: "delivery_held", about: alert.reason, details: { reason: alert.reason } }, now);
        return;
      case "delivery_resumed":
        alerts.clear("delivery_held");
        return;
      case "fact_refused": {
        const number = String(alert.factNumber);
        const details = { number, code: alert.refusal };
        this.#events.note({ level: "bad", code: "fact_refused", details }, now);
        alerts.raise({ code: "fact_refused", about: number, details, canRetry: true }, now);
        return;
      }
      case "log_unreadable":
        alerts.raise({ code: "log_unreadable" }, now);
        return;
      case "poll_failed":
        alerts.raise({ code: "poll_failed", canRetry: true }, now);
        return;
      case "mail_failed": {
        this.#events.note({ level: "bad", code: "mail_failed", details: this.#failedMail(alert.id) }, now);
        this.#checkMails(now);
        return;
      }
      case "no_items_available": {
        const { code, id, characterName } = alert;
        alerts.raise({ code, about: id, details: { characterName, id } }, now);
        return;
      }
      default:
        alert satisfies never;
    }
  }

  /** What was wrong may be over. */
  see(sight: Sight): void {
    switch (sight.kind) {
      case "payouts":
        this.#alerts.clear("poll_failed");
        return;
      case "command":
        if (sight.command.phase === "typing") this.#alerts.clear("hands_busy");
        if (sight.command.phase === "acknowledged") this.#alerts.clear("command_failed", sight.command.about);
        return;
      case "hello":
      case "talk":
      case "tag":
        this.#alerts.clear("log_unreadable");
        return;
      default:
        return;
    }
  }

  /** Looks at everything that is so or is not. */
  check({ bridge, memory, logPath, isApiKeyInFile, inputFault }: AlarmConditions, now: number): void {
    const alerts = this.#alerts;
    const { addonVersion = "" } = bridge?.hello ?? {};
    const minimumAddon = memory.version?.minimumAddonVersion ?? "";
    const minimumDesktop = memory.version?.minimumDesktopVersion ?? "";
    alerts.hold(isApiKeyInFile, { code: "api_key_in_file" }, now);
    alerts.hold(inputFault !== null, { code: "input_unavailable", details: { fault: inputFault ?? "" } }, now);
    alerts.hold(
      bridge?.isDesktopTooOld === true,
      { code: "desktop_too_old", details: { minimum: minimumDesktop } },
      now,
    );
    alerts.hold(
      bridge?.isAddonNewEnough === false && minimumAddon !== "",
      { code: "addon_too_old", details: { version: addonVersion, minimum: minimumAddon } },
      now,
    );
    const { windows, picked } = memory.screen;
    const count = String(windows.length);
    alerts.hold(windows.length > 1 && picked === null, { code: "several_windows", details: { count } }, now);
    this.#checkMails(now);
    this.#checkLog(bridge, logPath, now);
  }

  /** Mails that did not leave, also when the desktop was started anew since. */
  #checkMails(now: number): void {
    const failed = this.#store.all("failure");
    for (const about of failed.keys()) this.#failedMails.add(about);
    for (const about of this.#failedMails) {
      const details = this.#failedMail(about);
      this.#alerts.hold(failed.has(about), { code: "mail_failed", about, details }, now);
      if (!failed.has(about)) this.#failedMails.delete(about);
    }
  }

  #failedMail(id: string): { readonly characterName: string; readonly id: string } {
    return { characterName: nameInStore(this.#store, id) ?? "", id };
  }

  #checkLog(bridge: BridgeView | null, logPath: string | null, now: number): void {
    const isMissing = bridge !== null && logPath !== null && !bridge.isLogPresent;
    this.#logMissingSince = isMissing ? Math.min(this.#logMissingSince ?? now, now) : null;
    const isLost = this.#logMissingSince !== null && now - this.#logMissingSince >= LOG_PATIENCE_MS;
    this.#alerts.hold(isLost, { code: "log_missing", details: { path: logPath ?? "" } }, now);
    const isPresent = isMissing ? (isLost ? false : this.#wasLogPresent) : bridge === null ? null : logPath !== null;
    if (isPresent !== null && isPresent !== this.#wasLogPresent && logPath !== null) {
      const code = isPresent ? "log_found" : "log_lost";
      this.#events.note({ level: isPresent ? "info" : "bad", code, details: { path: logPath } }, now);
    }
    this.#wasLogPresent = isPresent;
  }
}

/** A hello is asked for by its schedule; everything else is asked for by the plan, which the streamer can have looked at again. */
function isRepeatable(about: string): boolean {
  return about !== "hello" && about !== "update_status";
}
