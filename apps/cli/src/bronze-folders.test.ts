import { tasks } from "@medallion/schema";
import { expect, it } from "vitest";
import { datasetFolder } from "./bronze-folders.ts";

it("names the folders that the contracts name", () => {
  expect(datasetFolder("tasks")).toBe(tasks.folders.bronze);
});
