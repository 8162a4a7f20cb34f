import type { ActionResult, DesktopAction } from "../../wire/protocol.ts";
import type { DesktopSettings, DesktopState } from "../../wire/state.ts";
import type { BridgeLink } from "../link/bridge-link.ts";
import type { TransportStatus } from "../link/transport.ts";
import { type Language, systemLanguage } from "../texts/language.ts";
import type { Confirmation } from "./confirmation.ts";

/*
 * What all parts of the window share: the bridge's last state, how the way to it stands, and what is on the screen.
 * Alpine makes it reactive; it is changed here and by the parts that own a field.
 */

/** The one store of the window. */
export interface Desk {
  link: TransportStatus;
  state: DesktopState | null;
  /** The bridge's clock (Unix milliseconds), moved on every second. */
  now: number;
  /** The API's, for times that come from it. */
  readonly apiNow: number;
  view: "work" | "settings";
  /** Whether the set-up is on the screen; it stays until it is finished, also when the bridge calls it complete before. */
  isSettingUp: boolean;
  confirmation: Confirmation | null;
  readonly language: Language;
  readonly isOpen: boolean;
  ask(action: DesktopAction): Promise<ActionResult>;
  save(settings: Partial<DesktopSettings>): Promise<ActionResult>;
  retryLink(): void;
  /** For a click on a link that leads out of the window. */
  followLink(event: MouseEvent): void;
}

/** A desk over that link; without one it says why there is none. */
export function createDesk(link: BridgeLink | null): Desk {
  return {
    link: link === null ? { kind: "closed", why: "no_bridge" } : { kind: "connecting" },
    state: null,
    now: Date.now(),
    view: "work",
    isSettingUp: false,
    confirmation: null,
    get language() {
      return this.state?.settings.language ?? systemLanguage(navigator.languages);
    },
    get apiNow() {
      return this.now - (this.state?.aheadMs ?? 0);
    },
    get isOpen() {
      return this.link.kind === "open" && this.state !== null;
    },
    ask: async (action) => link?.ask(action) ?? { ok: false, code: "bridge_gone", details: {} },
    save(settings) {
      return this.ask({ kind: "save_settings", settings });
    },
    retryLink: () => link?.retryNow(),
    followLink(event) {
      const { href } = event.currentTarget as HTMLAnchorElement;
      if (link?.openLink(href) === true) event.preventDefault();
    },
  };
}

/** Keeps the desk (as Alpine gave it back) at what the link hears. */
export function connectDesk(desk: Desk, link: BridgeLink): void {
  let aheadMs = 0;
  link.start({
    onState: (state) => {
      aheadMs = state.now - Date.now();
      if (desk.state === null) desk.isSettingUp = !state.setup.isComplete;
      desk.state = state;
      desk.now = state.now;
    },
    onStatus: (status) => {
      desk.link = status;
    },
  });
  setInterval(() => {
    desk.now = Date.now() + aheadMs;
  }, 1_000);
}
