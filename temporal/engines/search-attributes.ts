import { setTimeout as delay } from "node:timers/promises";
import { type Connection, isGrpcServiceError } from "@temporalio/client";
import { EngineError } from "./engine-error.ts";

/** A search attribute's type, as the Temporal command line calls it. */
export type SearchAttributeTypeName = "Keyword" | "Int" | "Datetime" | "Bool" | "Text";

// Their numbers in temporal.api.enums.v1.IndexedValueType.
const typeNumbers: Record<SearchAttributeTypeName, number> = { Text: 1, Keyword: 2, Int: 3, Bool: 5, Datetime: 6 };

const callTimeoutMs = 5_000;
const pollMs = 100;
// Somebody else registers the same (6), or changes the namespace at the same moment (10); the server is busy (4, 8, 14).
const passingGrpcCodes = new Set([4, 6, 8, 10, 14]);
// Temporal Cloud lets no client register any: unauthorized (7), not there (12).
const forbiddenGrpcCodes = new Set([7, 12]);
// A query with an attribute that the server in front has not heard of yet.
const invalidArgument = 3;

async function tolerating<T>(call: () => Promise<T>, codes: ReadonlySet<number> = passingGrpcCodes): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isGrpcServiceError(error) && codes.has(error.code)) return null;
    throw error;
  }
}

/**
 * Registers those of the search attributes that the namespace lacks and returns when all can be asked for: a server lists
 * them at once and takes them seconds later. Must come before the first worker: a workflow that sets an unknown one retries
 * without end. A wrong type fails with `search_attribute_conflict`, as it cannot be changed.
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  attributes: Readonly<Record<string, SearchAttributeTypeName>>,
  timeoutMs = 30_000,
): Promise<void> {
  const wanted = Object.entries(attributes);
  const deadlineAt = Date.now() + timeoutMs;
  const withDeadline = <T>(call: () => Promise<T>) =>
    tolerating(() => connection.withDeadline(Date.now() + callTimeoutMs, call));
  for (;;) {
    const listed = await withDeadline(() => connection.operatorService.listSearchAttributes({ namespace }));
    if (listed !== null) {
      const known: Record<string, unknown> = { ...listed.systemAttributes, ...listed.customAttributes };
      for (const [name, type] of wanted) {
        if (known[name] !== undefined && known[name] !== typeNumbers[type]) {
          throw new EngineError(
            "search_attribute_conflict",
            `search attribute ${name} of namespace ${namespace} has type number ${known[name]}, not ${type}`,
          );
        }
      }
      const missing = wanted.filter(([name]) => known[name] === undefined);
      if (missing.length > 0) {
        const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, typeNumbers[type]]));
        const add = () => connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
        await withDeadline(add).catch((error: unknown) => {
          throw isGrpcServiceError(error) && forbiddenGrpcCodes.has(error.code)
            ? notAllowed(namespace, missing)
            : error;
        });
      } else if (await areTaken(connection, namespace, wanted)) return;
    }
    if (Date.now() > deadlineAt) {
      throw new EngineError("search_attributes_timeout", `namespace ${namespace} does not know its search attributes`);
    }
    await delay(pollMs);
  }
}

async function areTaken(
  connection: Connection,
  namespace: string,
  wanted: readonly (readonly [string, SearchAttributeTypeName])[],
): Promise<boolean> {
  const query = wanted.map(([name]) => `${name} is null`).join(" and ");
  const ask = () => connection.workflowService.countWorkflowExecutions({ namespace, query });
  const call = () => connection.withDeadline(Date.now() + callTimeoutMs, ask);
  return (await tolerating(call, new Set([...passingGrpcCodes, invalidArgument]))) !== null;
}

function notAllowed(namespace: string, missing: readonly (readonly [string, SearchAttributeTypeName])[]): EngineError {
  const told = missing.map(([name, type]) => `${name}=${type}`).join(" ");
  return new EngineError(
    "search_attributes_not_allowed",
    `namespace ${namespace} lacks search attributes that we may not register; add them by hand: ${told}`,
  );
}
