/** What stands where a name of a forgotten viewer stood: no name that a game or Twitch would accept. */
export const FORGOTTEN_NAME = "(forgotten)";
