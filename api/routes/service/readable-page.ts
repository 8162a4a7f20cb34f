import { createHash } from "node:crypto";
import type { OpenApiDocument, Operation } from "../../routing/openapi.ts";

/* The OpenAPI document as a page: plain HTML and one style sheet, no script, nothing from elsewhere. */

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ccc, #444); --soft: light-dark(#f4f4f1, #262624); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.875rem; }
nav ul { columns: 2; list-style: none; padding: 0; }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: 0.25rem 0.5rem 0.25rem 0; text-align: left; vertical-align: top; }
pre { background: var(--soft); overflow-x: auto; padding: 0.75rem; }
summary { cursor: pointer; }
`;

/** A page and the policy that lets its style sheet in. */
export interface ReadablePage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** Writes the page. */
export function readablePage(document: OpenApiDocument): ReadablePage {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const hash = createHash("sha256").update(STYLE).digest("base64");
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(document.info.title)}: HTTP</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(document.info.title)}</h1>
<p>${escaped(document.info.description)} Version ${escaped(document.info.version)}.
For programs: <a href="/openapi.json">openapi.json</a>.</p>
<nav><ul>
${operations.map(({ path, method, operation }) => `<li><a href="#${operation.operationId}"><code>${method} ${escaped(path)}</code></a></li>`).join("\n")}
</ul></nav>
${operations.map(section).join("\n")}
<section id="schemas"><h2>Schemas</h2>
${Object.entries(document.components.schemas)
  .map(
    ([name, schema]) => `<details id="schema-${name}"><summary><code>${name}</code></summary>${code(schema)}</details>`,
  )
  .join("\n")}
</section>
</body>
</html>
`,
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}

function section({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const body = operation.requestBody?.content["application/json"]?.schema;
  return `<section id="${operation.operationId}">
<h2><code>${method} ${escaped(path)}</code></h2>
<p>${escaped(operation.summary)} <em>${escaped(String(operation.description))}</em></p>
${operation.parameters.length === 0 ? "" : `<table><tr><th>Parameter</th><th>In</th><th>Form</th></tr>${operation.parameters.map((parameter) => `<tr><td><code>${escaped(parameter.name)}</code>${parameter.required ? "" : " (optional)"}</td><td>${parameter.in}</td><td><code>${escaped(JSON.stringify(parameter.schema))}</code></td></tr>`).join("")}</table>`}
${body === undefined ? "" : `<p>Body: ${schemaLink(body)}</p>`}
<table><tr><th>Answer</th><th>What it is</th><th>Body</th></tr>
${Object.entries(operation.responses)
  .map(([status, { description, content }]) => {
    const [type, media] = Object.entries(content ?? {})[0] ?? [];
    const shown = media === undefined ? "" : type === "application/json" ? schemaLink(media.schema) : (type ?? "");
    return `<tr><td>${status}</td><td>${escaped(description)}</td><td>${shown}</td></tr>`;
  })
  .join("\n")}
</table>
</section>`;
}

function schemaLink(schema: Record<string, unknown>): string {
  const name = typeof schema.$ref === "string" ? schema.$ref.replace("#/components/schemas/", "") : null;
  return name === null ? code(schema) : `<a href="#schema-${name}"><code>${escaped(name)}</code></a>`;
}

const code = (schema: unknown): string => `<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`;

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
