import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** What can be done to a cluster of one's own. */
export type Fault = "kill-connect" | "start-connect" | "kill-worker";

/** A cluster of a test's own, which runs as a program beside it. */
export class Cluster {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  url = "";

  /** @param script the program that starts a cluster and takes commands */
  constructor(script: string) {
    this.#process = spawn(process.execPath, [script]);
    this.#process.stderr.resume();
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async start(): Promise<void> {
    this.url = await this.#next();
  }

  async fault(name: Fault): Promise<void> {
    this.#process.stdin.write(`${name}\n`);
    const answer = await this.#next();
    if (answer !== "ok") throw new Error(`expected ok, found ${answer}`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.stdin.end();
    await ended;
  }

  async #next(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("the cluster ended");
    return value;
  }
}
