/* What Twitch's extension helper gives to a page, as far as we use it. Only this folder reads these shapes. */

/** What the helper says about who is looking; said again whenever the token is renewed or identity is shared. */
export interface TwitchAuthorization {
  readonly channelId: string;
  readonly clientId: string;
  /** A signed token for our API. */
  readonly token: string;
  /** Opaque: `U…` for somebody logged in, `A…` for somebody who is not. */
  readonly userId: string;
  /** Opens Helix calls that need no scope. */
  readonly helixToken?: string;
}

/** What the helper says about the page's surroundings. */
export interface TwitchContext {
  readonly theme?: string;
  readonly language?: string;
}

type Listener = (target: string, contentType: string, message: string) => void;

/** `window.Twitch.ext`. */
export interface TwitchHelper {
  onAuthorized(hear: (authorization: TwitchAuthorization) => void): void;
  onContext(hear: (context: TwitchContext, changed: readonly string[]) => void): void;
  onVisibilityChanged(hear: (isVisible: boolean) => void): void;
  listen(target: string, hear: Listener): void;
  readonly actions: { requestIdShare(): void };
}

declare global {
  interface Window {
    readonly Twitch?: { readonly ext?: TwitchHelper };
  }
}

/** The helper; null where no Twitch loaded it. */
export function twitchHelper(): TwitchHelper | null {
  return window.Twitch?.ext ?? null;
}
