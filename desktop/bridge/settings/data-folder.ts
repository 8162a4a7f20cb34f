import { join } from "node:path";

/** What decides where programs keep their data. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Variables of the environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Where the desktop keeps its data when nobody says otherwise. */
export function defaultDataFolder({ platform, home, variables }: Machine): string {
  switch (platform) {
    case "win32":
      return join(variables.APPDATA || join(home, "AppData", "Roaming"), "Mimiron's Gold-o-Matic");
    case "darwin":
      return join(home, "Library", "Application Support", "Mimiron's Gold-o-Matic");
    default:
      return join(variables.XDG_DATA_HOME || join(home, ".local", "share"), "mimirons-gold-o-matic");
  }
}

/** Files and folders inside a data folder. */
export function filesOf(dataFolder: string) {
  return {
    settings: join(dataFolder, "settings.json"),
    store: join(dataFolder, "store"),
    windowToken: join(dataFolder, "window-token"),
    /** Where the running desktop serves its window. */
    address: join(dataFolder, "window-address"),
    encryptedApiKey: join(dataFolder, "api-key.encrypted"),
    apiKeySecret: join(dataFolder, "api-key.secret"),
  };
}
