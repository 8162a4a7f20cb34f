import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Game } from "./game.ts";

/*
 * A window for the terminal. A line is typed into the game as the desktop types it; a line that begins with `:` is for
 * the simulator itself.
 */

/** Does something that has nothing to print. */
function silently(run: (game: Game) => void): Command["run"] {
  return (game) => {
    run(game);
    return "";
  };
}

type Command = { readonly usage: string; run(game: Game, words: readonly string[]): string };

const COMMANDS: Readonly<Record<string, Command>> = {
  whisper: {
    usage: ":whisper <name> <text>   another character whispers to the streamer",
    run: (game, [name = "", ...text]) => {
      game.player(name).whisper(text.join(" "));
      return "";
    },
  },
  mailbox: { usage: ":mailbox   click the mailbox", run: silently((game) => game.openMailbox()) },
  send: { usage: ":send   press Send and confirm", run: (game) => (game.clickSend() ? "" : "the button is off") },
  click: { usage: ":click <button>", run: (game, [name = ""]) => (game.click(name) ? "" : "nothing to click") },
  escape: { usage: ":escape", run: silently((game) => game.keyboard.pressEscape()) },
  login: { usage: ":login", run: silently((game) => game.login()) },
  logout: { usage: ":logout", run: silently((game) => game.logout()) },
  reload: { usage: ":reload", run: silently((game) => game.reload()) },
  crash: { usage: ":crash   the client dies", run: silently((game) => game.crash()) },
  lua: { usage: ":lua return <expression>", run: (game, words) => game.evaluate(words.join(" ")).join(", ") },
  errors: { usage: ":errors   errors in Lua so far", run: (game) => game.luaErrors.join("\n") },
  help: { usage: ":help", run: () => usage() },
};

/** Connects a game to a terminal: typed lines in, chat windows out. The answer disconnects it. */
export function attachTerminal(game: Game, input: Readable, output: Writable): () => void {
  let shown = game.records.chatWindows.length;
  const show = () => {
    for (const { text } of game.records.chatWindows.slice(shown)) output.write(`${text}\n`);
    shown = game.records.chatWindows.length;
  };
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    const answer = typeLine(game, line);
    if (answer !== "") output.write(`${answer}\n`);
    show();
  });
  const timer = setInterval(show, 100);
  return () => {
    clearInterval(timer);
    lines.close();
  };
}

/** Handles one line of the terminal and gives the answer to print. */
export function typeLine(game: Game, line: string): string {
  if (!line.startsWith(":")) {
    game.command(line);
    return "";
  }
  const [name = "", ...words] = line.slice(1).split(" ");
  const command = COMMANDS[name];
  if (command === undefined) return usage();
  try {
    return command.run(game, words);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function usage(): string {
  return Object.values(COMMANDS)
    .map((one) => one.usage)
    .join("\n");
}
