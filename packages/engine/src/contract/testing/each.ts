import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import type { Dialect } from "../../dialect.ts";
import type { Engine } from "../../engine.ts";
import { identifier, join, type Sql, sql } from "../../sql/sql.ts";
import type { TestEngine, TestEngineOptions } from "../../testing.ts";

/** A statement of Spark takes a second, and more on a busy machine. */
export const SLOWLY = { timeout: 240_000 };

/** An engine that is open while the tests of a suite run, and a folder of theirs. */
export class Suite {
  #folder = "";
  #engine: Engine | null = null;

  /** Call it inside a `describe`. Times without an offset are those of Berlin. */
  constructor(candidate: TestEngine, options: Pick<TestEngineOptions, "partBytes"> = {}) {
    beforeAll(async () => {
      this.#folder = await mkdtemp(joinPath(tmpdir(), "medallion-contract-"));
      this.#engine = await candidate.open({ timeZone: "Europe/Berlin", folder: this.#folder, ...options });
    }, SLOWLY.timeout);
    afterAll(async () => {
      await this.#engine?.close();
      await rm(this.#folder, { recursive: true, force: true });
    });
  }

  get folder(): string {
    return this.#folder;
  }

  get engine(): Engine {
    if (this.#engine === null) throw new TypeError("the engine is open inside a test only");
    return this.#engine;
  }

  /** What an expression makes of each of several texts, computed over a table as rows of data are. */
  async each(inputs: readonly string[], expression: (dialect: Dialect, text: Sql) => Sql): Promise<unknown[]> {
    const values = inputs.map((text, index) => sql`(${index}, ${text})`);
    await this.engine.materialize("inputs", sql`SELECT * FROM (VALUES ${join(values)}) AS v(place, input)`);
    const value = expression(this.engine.dialect, identifier("input"));
    const rows = await this.engine.rows(
      sql`SELECT place, ${value} AS answer FROM ${this.engine.table("inputs")} ORDER BY place ASC NULLS FIRST`,
    );
    return rows.map(({ answer }) => answer);
  }
}

/** Compares answers beside what was asked, so that a failure says for which input. */
export function expectEach(
  answers: readonly (readonly [input: string, answer: unknown])[],
  found: readonly unknown[],
): void {
  expect(answers.map(([input], index) => [input, found[index]])).toEqual(answers);
}
