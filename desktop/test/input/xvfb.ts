import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { env } from "node:process";

/** A screen that exists in memory only. */
export interface Screen {
  /** As in `DISPLAY`. */
  readonly display: string;
  /** Starts a window manager on it, and waits until it is in charge. */
  startWindowManager(): Promise<void>;
  /** Ends the X server, and with it what runs on it. */
  stop(): Promise<void>;
}

/** Starts an X server on a display of its own choice. Fails, saying so, where Debian's package xvfb is not installed. */
export async function startScreen(): Promise<Screen> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-noreset", "-nolisten", "tcp", "-screen", "0", "800x600x24"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = await displayNumber(server);
  const display = `:${number}`;
  return {
    display,
    startWindowManager: async () => {
      const manager = spawn("openbox", ["--startup", "echo in charge"], {
        env: { ...env, DISPLAY: display },
        stdio: ["ignore", "pipe", "ignore"],
      });
      await new Promise<void>((resolve, reject) => {
        manager.on("error", (cause) =>
          reject(new Error("openbox cannot be started: apt-get install openbox", { cause })),
        );
        manager.on("exit", (code) => reject(new Error(`openbox ended with ${code}`)));
        manager.stdout.once("data", () => resolve());
      });
    },
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
