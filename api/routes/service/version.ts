import { readFileSync } from "node:fs";
import type { ApiContext } from "../../context.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** GET /api/version: what clients compare themselves with. */
export function getVersion() {
  return (ctx: ApiContext): void => {
    ctx.body = {
      version,
      contractVersion: 1,
      minimumDesktopVersion: "0.1.0",
      minimumAddonVersion: "0.1.0",
      minimumExtensionVersion: "0.1.0",
      releaseNotesUrl: "https://github.com/mimirons-gold-o-matic/mimirons-gold-o-matic/releases",
    };
  };
}
