import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { workplaceWithLake } from "../testing/medallion.ts";

it("tells of files that --new leaves out as equal, also when only errors are shown, and takes them without it", async () => {
  const place = await workplaceWithLake();
  const increment = '{"metric_name":"runs","metric_value":1}\n';
  for (const name of ["a", "b", "c\n"]) await writeFile(join(place.folder, `${name}.jsonl`), increment);
  const files = ["a.jsonl", "b.jsonl", "c\n.jsonl"];
  const told = await place.medallion(["ingest", "metrics", "--master", "m", "--new", "--quiet", ...files]);
  expect(told).toMatchObject({ code: 0, stdout: "" });
  expect(told.stderr.split("\n")).toEqual([
    expect.stringMatching(/^medallion: b\.jsonl was not taken: bronze has the same bytes from .*a\.jsonl\.$/),
    expect.stringMatching(/^medallion: c\\u\{a\}\.jsonl was not taken: bronze has the same bytes from .*\.$/),
    "medallion: If these are records of their own, take them by `medallion ingest` without --new.",
    "",
  ]);
  expect(await place.json(["ingest", "metrics", "--master", "m", ...files.slice(1)])).toMatchObject({ records: 2 });
});

it("says of each source that was not taken why, for people and for machines", async () => {
  const place = await workplaceWithLake();
  await mkdir(join(place.folder, "in"));
  for (const name of ["a.jsonl.gz", "b.jsonl.gz"])
    await writeFile(join(place.folder, "in", name), "\u001f\u008b", "latin1");
  await writeFile(join(place.folder, "in/c.jsonl"), "{}\n");
  await writeFile(join(place.folder, "in/d.txt"), "");
  const { code, stdout, stderr } = await place.medallion(["ingest", "tasks", "in", "--json"]);
  expect(code).toBe(1);
  for (const name of ["a.jsonl.gz: Expected whole", "b.jsonl.gz: Expected whole", "d.txt: its name"]) {
    expect(stderr).toContain(`in/${name}`);
  }
  const refused = ["in/a.jsonl.gz", "in/b.jsonl.gz"].map((path) => expect.objectContaining({ path, kept: 0 }));
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "GZIP_BROKEN", report: { records: 1, refused } } });
});
