import { readFileSync } from "node:fs";
import { z } from "zod";
import { route } from "../../routing/route.ts";

/** Ours. */
export const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

export const getVersion = route(
  {
    name: "getVersion",
    method: "GET",
    path: "/api/version",
    who: "anyone",
    summary: "What clients compare themselves with.",
    answers: {
      200: z.object({
        version: z.string(),
        contractVersion: z.literal(1),
        minimumDesktopVersion: z.string(),
        minimumAddonVersion: z.string(),
        minimumExtensionVersion: z.string(),
        releaseNotesUrl: z.url(),
      }),
    },
  },
  () => (ctx) => {
    ctx.body = {
      version,
      contractVersion: 1,
      minimumDesktopVersion: "0.1.0",
      minimumAddonVersion: "0.1.0",
      minimumExtensionVersion: "0.1.0",
      releaseNotesUrl: "https://github.com/mimirons-gold-o-matic/mimirons-gold-o-matic/releases",
    };
  },
);
