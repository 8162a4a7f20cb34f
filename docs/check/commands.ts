/*
 * Shell commands that pages show in a block, and who runs each of them. A command that cannot be run here says why behind
 * its fence, not here: ```sh not-run="needs root".
 */

/** Pages that a test or script reads and whose commands it runs as they stand there; it names the page. */
export const FOLLOWED_PAGES: readonly { readonly page: string; readonly by: string }[] = [
  { page: "docs/tutorial.md", by: "docs/follow/main.ts" },
  { page: "docs/how-to/runbook.md", by: "temporal/runbook/commands.test.ts" },
  { page: "docs/how-to/backup.md", by: "temporal/server/test/backups.ts" },
];

/** A command and who runs it: a test or script of ours that holds `proof`. */
export interface RunCommand {
  readonly command: string;
  /** File of the test or script. */
  readonly by: string;
  /** Text of that file which starts the command. It must name the program of a script of ours besides. */
  readonly proof: string;
}

/** Every command of all other pages. */
export const RUN_COMMANDS: readonly RunCommand[] = [
  { command: "npm ci && npm start", by: "docs/tutorial.md", proof: "npm ci\n```\n\n```sh stays\nnpm start" },
  { command: "npm ci && npm test", by: ".ci/run", proof: "npm test --" },
  { command: "npm ci", by: ".ci/run", proof: "npm ci" },
  { command: "npm run desktop", by: "desktop/bridge/main.test.ts", proof: "desktop/bridge/main.ts" },
  { command: "npm run twitch-login", by: "temporal/twitch-login.test.ts", proof: "twitch-login-main.ts" },
  { command: "npm run forget <twitchUserId>", by: "temporal/forget/forget.test.ts", proof: "forget-main.ts" },
  { command: "npm run temporal-setup", by: "temporal/server/remote-temporal.server.ts", proof: "namespace-main" },
  { command: "npm run verify-draw", by: "temporal/verify-draw.test.ts", proof: "verify-draw-main.ts" },
  {
    command: "npm run verify-draw -- --save draw.json",
    by: "temporal/verify-draw.test.ts",
    proof: 'verify("--save", file)',
  },
  { command: "npm run verify-draw -- draw.json", by: "temporal/verify-draw.test.ts", proof: "await verify(file)" },
  {
    command: "VITE_EBS_URL=https://gold.example.org npm run build -w extension",
    by: "docs/check/commands.test.ts",
    proof: "extensionBuild",
  },
];
