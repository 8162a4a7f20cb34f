import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A screen that exists in memory only. */
export interface Screen {
  /** As in `DISPLAY`. */
  readonly display: string;
  /** Ends the X server. */
  stop(): Promise<void>;
}

/** Starts an X server on a display of its own choice. Fails, saying so, where Debian's package xvfb is not installed. */
export async function startScreen(): Promise<Screen> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-noreset", "-nolisten", "tcp", "-screen", "0", "800x600x24"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = await displayNumber(server);
  return {
    display: `:${number}`,
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill();
      await once(server, "exit");
    },
  };
}

async function displayNumber(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.on("error", (cause) => reject(new Error("Xvfb cannot be started: apt-get install xvfb", { cause })));
    server.on("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    let text = "";
    server.stdio[3]?.on("data", (data: Buffer) => {
      text += data.toString();
      if (text.endsWith("\n")) resolve(text.trim());
    });
  });
}
