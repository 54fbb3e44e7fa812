import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { isObject } from "../json-object.ts";
import { jsonValues } from "../testing/arbitraries.ts";
import { defineDataset } from "./dataset.ts";
import { resolveRecord } from "./resolve.ts";

const shape: Record<string, z.ZodType> = {
  build_id: z.string().min(1),
  finished_at: isoInstant(),
  constructor: z.string().optional(),
  host: z.object({ name: z.string().optional(), zone: z.string().nullable() }).nullish(),
  from: z.union([z.object({ branch: z.string().optional() }), z.string()]).optional(),
};

const builds = defineDataset({
  name: "builds",
  version: "1.0.0",
  folders: { bronze: "raw-builds", silver: "builds" },
  record: z.object(shape),
  key: ["build_id"],
  time: "finished_at",
  fallbacks: { build_id: ["id", "toString"], finished_at: ["updated_at", "ingested_at"] },
});

const resolve = (record: object, ingestedAt: string | null = null) => {
  const parsed: unknown = JSON.parse(JSON.stringify(record));
  if (!isObject(parsed)) throw new Error("expected an object");
  return { ...resolveRecord(builds, parsed, ingestedAt) };
};

describe("resolveRecord", () => {
  it("takes a field from its own name first, then from the first fall-back that is there", () => {
    expect(resolve({ build_id: "a", id: "b", toString: "c" })).toEqual({ build_id: "a" });
    expect(resolve({ id: "b", toString: "c" })).toEqual({ build_id: "b" });
    expect(resolve({ build_id: null, id: null, toString: "c" })).toEqual({ build_id: "c" });
    expect(resolve({ build_id: null })).toEqual({});
  });

  it("never replaces a value that is there, however wrong", () => {
    for (const wrong of ["", 0, false, [], {}]) {
      expect(resolve({ build_id: wrong, id: "b" })).toEqual({ build_id: wrong });
    }
  });

  it("takes ingested_at from bronze and never from the record", () => {
    const record = { build_id: "a", ingested_at: "1999-01-01T00:00:00Z" };
    expect(resolve(record)).toEqual({ build_id: "a" });
    expect(resolve(record, "2025-11-27T10:00:00Z")).toEqual({ build_id: "a", finished_at: "2025-11-27T10:00:00Z" });
    expect(resolve({ updated_at: "2025-11-26T00:00:00Z" }, "2025-11-27T10:00:00Z")).toEqual({
      finished_at: "2025-11-26T00:00:00Z",
    });
  });

  it("counts null as absent in nested objects, and gives null where zod insists on it", () => {
    expect(resolve({ host: { name: null, zone: null, other: null } })).toEqual({ host: { zone: null, other: null } });
    expect(resolve({ host: {} })).toEqual({ host: { zone: null } });
    expect(resolve({ from: { branch: null } })).toEqual({ from: {} });
  });

  it("reads no member that the record only inherits, and sets no prototype", () => {
    expect(resolve({})).toEqual({});
    const hostile: unknown = JSON.parse(
      '{"__proto__":{"build_id":"x"},"constructor":"c","host":{"__proto__":{"name":"n"}}}',
    );
    const resolved = resolveRecord(builds, isObject(hostile) ? hostile : {}, null);
    expect(Object.keys(resolved)).toEqual(["constructor", "host"]);
    expect(resolved.constructor).toBe("c");
    expect(resolved.build_id).toBeUndefined();
    expect(Object.keys(isObject(resolved.host) ? resolved.host : {})).toEqual(["__proto__", "zone"]);
    expect(Object.getPrototypeOf(resolved)).toBeNull();
  });

  it("leaves the record as it was", () => {
    fc.assert(
      fc.property(jsonValues, jsonValues, (host, from) => {
        const record = { build_id: "a", host, from };
        const before = JSON.stringify(record);
        resolveRecord(builds, record, null);
        expect(JSON.stringify(record)).toBe(before);
      }),
    );
  });
});
