import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { toJsonSchema } from "../json-schema.ts";
import { goldDocuments } from "./documents.ts";

const metrics = {
  master: "security-master",
  date: "20251127",
  layer: "silver",
  processed_at: "2025-11-28T00:05:00.123456Z",
  metrics: [
    {
      ...{ metric_name: "queue", count: 2, sum: 3, avg: 1.5, min: 1, max: 2, p50: 1.5, p95: 1.95 },
      ...{ first_timestamp: "2025-11-27T10:00:00Z", last_timestamp: "2025-11-27T11:00:00Z" },
    },
  ],
};

describe("goldDocuments", () => {
  it.each(goldDocuments.map((document) => [document.name, document] as const))(
    "has a JSON Schema of %s",
    (_, { schema }) => {
      const jsonSchema = toJsonSchema(schema);
      expect(jsonSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(new Ajv2020().compile(jsonSchema)({})).toBe(false);
      expect(schema.safeParse({}).success).toBe(false);
    },
  );

  it("accepts aggregated metrics, and refuses them without a count", () => {
    const { schema } = goldDocuments.find(({ name }) => name === "aggregated-metrics") ?? { schema: undefined };
    const [metric] = metrics.metrics;
    const wrong = { ...metrics, metrics: [{ ...metric, count: 0 }] };
    expect([schema?.safeParse(metrics).success, schema?.safeParse(wrong).success]).toEqual([true, false]);
    const accepts = new Ajv2020().compile(schema === undefined ? {} : toJsonSchema(schema));
    expect([accepts(metrics), accepts(wrong)]).toEqual([true, false]);
  });
});
