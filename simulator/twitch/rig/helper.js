/*
 * Plays https://extension-files.twitch.tv/helper/v1/twitch-ext.min.js: what a page of the extension sees of Twitch. The
 * frame around it says, by messages of the form { rig: <what>, … }, what Twitch would say; a page that stands alone is its
 * own parent, so that a test can say it.
 *
 *   to the page:   authorize { auth, viewer }   context { context }   pubsub { target, message }   visibility { isVisible }
 *   to the frame:  hello   requestIdShare
 */
(() => {
  const hearers = { authorize: [], context: [], visibility: [] };
  const listeners = new Map();
  const last = {};

  const tell = (rig) => window.parent.postMessage({ rig }, "*");

  /** Whoever asks late hears what was said last, as with the real helper. */
  const register = (what) => (hear) => {
    hearers[what].push(hear);
    if (what in last) hear(...last[what]);
  };

  const say = (what, ...args) => {
    last[what] = args;
    for (const hear of hearers[what]) hear(...args);
  };

  const viewer = {
    id: null,
    opaqueId: null,
    role: "viewer",
    isLinked: false,
    sessionToken: null,
    helixToken: null,
    subscriptionStatus: null,
    onChanged: () => undefined,
  };

  window.addEventListener("message", ({ data, source }) => {
    if (source !== window.parent || typeof data !== "object" || data === null) return;
    switch (data.rig) {
      case "authorize":
        Object.assign(viewer, data.viewer, { sessionToken: data.auth.token });
        say("authorize", data.auth);
        break;
      case "context":
        say("context", data.context, Object.keys(data.context));
        break;
      case "visibility":
        say("visibility", data.isVisible, {});
        break;
      case "pubsub":
        for (const hear of listeners.get(data.target) ?? []) hear(data.target, "application/json", data.message);
        break;
      default:
    }
  });

  window.Twitch = {
    ext: {
      version: "rig",
      environment: "rig",
      onAuthorized: register("authorize"),
      onContext: register("context"),
      onVisibilityChanged: register("visibility"),
      onError: () => undefined,
      onHighlightChanged: () => undefined,
      onPositionChanged: () => undefined,
      listen: (target, hear) => listeners.set(target, [...(listeners.get(target) ?? []), hear]),
      unlisten: (target, hear) =>
        listeners.set(
          target,
          (listeners.get(target) ?? []).filter((one) => one !== hear),
        ),
      send: () => undefined,
      viewer,
      features: {
        isBitsEnabled: false,
        isChatEnabled: true,
        isSubscriptionStatusAvailable: false,
        onChanged: () => undefined,
      },
      configuration: { onChanged: () => undefined, set: () => undefined },
      actions: {
        requestIdShare: () => tell("requestIdShare"),
        minimize: () => undefined,
        onFollow: () => undefined,
        followChannel: () => undefined,
      },
    },
  };

  tell("hello");
})();
