import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

/*
 * Talk between a test and a program of Windows: lines of JSON over a local socket. The test asks, the program answers,
 * and tells of its own accord what happened.
 */

/** What the program is asked. */
interface Question {
  readonly id: number;
  readonly call: string;
  readonly args: readonly unknown[];
}

type Answer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string };
type Message = Answer | { readonly told: unknown };

/** What a program can be asked, by name. */
export type Calls = Readonly<Record<string, (...args: never[]) => unknown>>;

/** The program's end: connects to the test, answers, and ends when the test hangs up. */
export function serveTest(port: number, calls: Calls): { readonly tell: (what: unknown) => void } {
  const socket = connect(port, "127.0.0.1");
  socket.on("close", () => process.exit(0));
  const send = (message: Message) => socket.write(`${JSON.stringify(message)}\n`);
  createInterface({ input: socket }).on("line", async (line) => {
    const { id, call, args }: Question = JSON.parse(line);
    try {
      const result = await (calls[call] as (...args: readonly unknown[]) => unknown)(...args);
      send({ id, result: result ?? null });
    } catch (error) {
      send({ id, error: error instanceof Error ? String(error.stack) : String(error) });
    }
  });
  return { tell: (told) => send({ told }) };
}

/** The test's end of one program. */
export class ProgramPort {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #id = 0;
  /** Called with what the program tells. */
  onTold: (told: unknown) => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on("line", (line) => {
      const message: Message = JSON.parse(line);
      if ("told" in message) return this.onTold(message.told);
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    });
  }

  /** Calls the program; rejects with what the call threw there. */
  async ask<Result>(call: string, ...args: readonly unknown[]): Promise<Result> {
    this.#id += 1;
    const id = this.#id;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.write(`${JSON.stringify({ id, call, args } satisfies Question)}\n`);
    const answer = await answered;
    if ("error" in answer) throw new Error(answer.error);
    return answer.result as Result;
  }

  hangUp(): void {
    this.#socket.destroy();
  }
}

/** Waits for programs to connect. */
export class ProgramHost {
  readonly #server: Server;
  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<ProgramHost> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ProgramHost(server);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** The next program that connects. */
  async next(): Promise<ProgramPort> {
    const [socket] = (await once(this.#server, "connection")) as [Socket];
    return new ProgramPort(socket);
  }

  close(): void {
    this.#server.close();
  }
}
