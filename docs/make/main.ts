import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFreshParts } from "./generated-parts.ts";
import { writeOverviewPicture } from "./overview-picture.ts";
import { ROOT, readPages } from "./page.ts";

/* `npm run docs`: writes the parts of the pages that follow from the code. A test fails while one of them is stale. */

for (const { path, text } of readPages()) {
  const fresh = withFreshParts(text);
  if (fresh === text) continue;
  writeFileSync(join(ROOT, path), fresh);
  process.stdout.write(`${path}\n`);
}
writeOverviewPicture();
