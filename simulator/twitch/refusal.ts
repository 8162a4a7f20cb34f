import type { Middleware } from "koa";

/** Ends a request with a status and a body in Twitch's shape. */
export class TwitchRefusal extends Error {
  override readonly name = "TwitchRefusal";
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
  }
}

const reasonPhrases: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
};

/** A refusal as Helix words it; `extra` joins the body. */
export function helixRefusal(status: number, message: string, extra: object = {}): TwitchRefusal {
  return new TwitchRefusal(status, { error: reasonPhrases[status] ?? "Error", status, message, ...extra });
}

/** A refusal as the identity server words it, which has a shape of its own. */
export function oauthRefusal(status: number, message: string): TwitchRefusal {
  return new TwitchRefusal(status, { status, message });
}

/** Writes the refusals that the routes throw. */
export const answerRefusals: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof TwitchRefusal)) throw error;
    ctx.status = error.status;
    ctx.body = error.body;
  }
};
