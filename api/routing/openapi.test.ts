import { REFUSAL_STATUS } from "@mgm/domain/refusal";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { ROUTES } from "../routes/index.ts";
import { openApiDocument } from "./openapi.ts";

const document = openApiDocument(
  ROUTES.map(({ spec }) => spec),
  "1.2.3",
);
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

describe("the document of our routes", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect(validator.version).toBe("3.1");
  });

  it("resolves all that it refers to", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, to]) => to);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const [group = "", name = ""] = (reference ?? "").split("/");
      expect(document.components).toHaveProperty([group, name]);
    }
  });

  it("gives every operation a name of its own, and every refusal a code with its status", () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
    for (const operation of operations) {
      for (const [status, { description }] of Object.entries(operation.responses)) {
        for (const [, code] of description.matchAll(/`(\w+)`/g)) {
          expect(REFUSAL_STATUS).toHaveProperty([code ?? ""], Number(status));
        }
      }
    }
  });

  it("shows the rules that requests are held to", () => {
    const schemas = document.components.schemas;
    expect(schemas.PostClaimBody).toMatchObject({ required: ["characterName", "enrollmentRequestId"] });
    expect(schemas.SettlePayoutBody).toMatchObject({ properties: { note: { minLength: 1, maxLength: 500 } } });
    expect(schemas.PayoutDetails).toMatchObject({ properties: { heldBy: { anyOf: [{ format: "uuid" }, {}] } } });
    expect(document.paths["/api/payouts/{id}/settle"]?.post).toMatchObject({
      operationId: "settlePayout",
      security: [{ desktop: [] }],
    });
  });
});
