import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { buildPrograms, PROGRAMS } from "./build-programs.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Locked {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

it("builds programs that need no package but those that a server has, where it has them", async () => {
  await buildPrograms();
  const folder = join(ROOT, "temporal/.build");
  const built = readdirSync(folder).filter((file) => file.endsWith(".js"));
  expect(built).toEqual(expect.arrayContaining(Object.keys(PROGRAMS).map((name) => `${name}.js`)));
  const names = built.flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/^(?:import|\} from|import .* from) "([^."][^"]*)";$/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(names).toContain("koa");
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as Locked;
  const missing = new Set(
    names.filter((name) => {
      const installed = packages[`node_modules/${/^(?:@[^/]+\/)?[^/]+/.exec(name)}`];
      return !isBuiltin(name) && (installed === undefined || installed.dev === true);
    }),
  );
  expect([...missing]).toEqual([]);
});
