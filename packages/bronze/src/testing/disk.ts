import { setImmediate } from "node:timers/promises";
import { breakFiles, type Outcome } from "./faults.ts";

/** What the calls of a run come to, each in its turn; those behind the last one go on as usual. */
export interface DiskPlan {
  readonly writes: readonly { readonly turns: number; readonly outcome: Outcome }[];
  readonly syncs: readonly { readonly turns: number; readonly outcome: Error | null }[];
}

type State = "written" | "on disk" | "dropped";

/**
 * What is known to be on disk, as it is with the least helpful system: a sync brings there what was written before it began, and one
 * that fails drops all that was written before it ended. A call waits for `turns` turns of the event loop.
 */
export class Disk {
  mostSyncs = 0;
  readonly #lines = new Map<string, State>();
  #plan: DiskPlan = { writes: [], syncs: [] };
  #syncs = 0;
  #writeCalls = 0;
  #syncCalls = 0;

  /** Stands between the files that are open and the real disk until the end of the test. */
  async watch(): Promise<void> {
    await breakFiles(
      "write",
      async () => {
        const { turns = 0, outcome = null } = this.#plan.writes[this.#writeCalls++] ?? {};
        await wait(turns);
        return outcome;
      },
      (_, written) => this.#write(Buffer.from(written).toString()),
    );
    await breakFiles("datasync", () => this.#sync());
  }

  /** Begins anew with another plan. */
  begin(plan: DiskPlan): void {
    this.#plan = plan;
    this.#lines.clear();
    this.#writeCalls = 0;
    this.#syncCalls = 0;
  }

  /** Whether this line, which was never written twice, cannot be lost any more. */
  holds(line: string): boolean {
    return this.#lines.get(line) === "on disk";
  }

  #write(text: string): void {
    for (const line of text.split("\n").slice(0, -1)) this.#lines.set(line, "written");
  }

  async #sync(): Promise<Error | null> {
    const before = this.#written();
    this.mostSyncs = Math.max(this.mostSyncs, ++this.#syncs);
    const { turns = 0, outcome = null } = this.#plan.syncs[this.#syncCalls++] ?? {};
    await wait(turns);
    this.#syncs--;
    if (outcome !== null) for (const line of this.#written()) this.#lines.set(line, "dropped");
    else for (const line of before) if (this.#lines.get(line) === "written") this.#lines.set(line, "on disk");
    return outcome;
  }

  #written(): string[] {
    return [...this.#lines].filter(([, state]) => state === "written").map(([line]) => line);
  }
}

async function wait(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await setImmediate();
}
