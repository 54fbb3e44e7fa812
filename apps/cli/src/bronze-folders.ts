/** The data sets that can be ingested, by the folder of bronze that keeps them. */
const FOLDERS = { tasks: "raw-tasks" } as const;

export type IngestedDataset = keyof typeof FOLDERS;

/** The bronze folder of a data set, known without loading its schema. */
export function datasetFolder(dataset: IngestedDataset): string {
  return FOLDERS[dataset];
}
