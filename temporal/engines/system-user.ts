import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { EngineError } from "./engine-error.ts";

const run = promisify(execFile);

/** A user of this system by its numbers. */
export interface SystemUser {
  uid: number;
  gid: number;
}

async function findUser(name: string): Promise<SystemUser | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Whether we are root, as which PostgreSQL refuses to run. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** An ordinary user that exists on nearly every system, to run as when we are root. */
export async function findOrdinaryUser(): Promise<SystemUser> {
  const user = (await findUser("postgres")) ?? (await findUser("nobody"));
  if (user !== null) return user;
  throw new EngineError(
    "no_ordinary_user",
    "PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody: create one, or start as an ordinary user",
  );
}
