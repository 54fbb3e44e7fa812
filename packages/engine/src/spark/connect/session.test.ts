import { expect, it, onTestFinished, vi } from "vitest";
import { parseAddress } from "./address.ts";
import { encode } from "./protobuf.ts";
import { SparkSession } from "./session.ts";
import { type FakeCall, fakeServer } from "./testing/fake-server.ts";

const retries = { attempts: 3, firstWaitMs: 1, longestWaitMs: 2 };
const query = { kind: "query", text: "SELECT 1" } as const;

function batch(id: string, ...bytes: number[]): Uint8Array {
  return encode({ 13: id, 15: "server-1", 2: encode({ 1: 1, 2: Uint8Array.from(bytes) }) });
}

function complete(id: string): Uint8Array {
  return encode({ 13: id, 15: "server-1", 14: encode({}) });
}

async function open(answer: (call: FakeCall) => boolean, pairs = "") {
  const server = await fakeServer(answer);
  const session = new SparkSession(parseAddress(`${server.url}/;${pairs}`), { retries });
  return { session, server, methods: () => server.calls.map(({ method }) => method) };
}

it("reads the batches of an answer, however they are cut up, and releases the execution", async () => {
  const { session, server, methods } = await open((call) => {
    if (call.method !== "ExecutePlan") return false;
    call.send(batch("1", 1, 2, 3), true);
    call.send(batch("2", 4));
    call.send(complete("3"));
    call.end();
    return true;
  }, "user_id=me;x-extra=yes");
  expect((await session.run(query)).map((bytes) => [...bytes])).toEqual([[1, 2, 3], [4]]);
  await session.close();
  expect(methods().sort()).toEqual(["ExecutePlan", "ReleaseExecute", "ReleaseSession"]);
  const [first] = server.calls;
  expect(first?.headers).toMatchObject({ "x-extra": "yes", "content-type": "application/grpc", te: "trailers" });
  expect(first?.request.message(2)?.text(1)).toBe("me");
});

it("goes on behind the last answer when the connection breaks, and never starts an execution again", async () => {
  const { session, server, methods } = await open((call) => {
    if (call.method === "ExecutePlan") {
      call.send(batch("1", 1));
      setImmediate(() => call.cut());
      return true;
    }
    if (call.method !== "ReattachExecute") return false;
    if (methods().filter((name) => name === "ReattachExecute").length === 1) call.fail(14, "try again");
    else {
      call.send(batch("2", 2));
      call.send(complete("3"));
      call.end();
    }
    return true;
  });
  expect((await session.run(query)).map((bytes) => [...bytes])).toEqual([[1], [2]]);
  expect(methods().filter((name) => name === "ExecutePlan")).toHaveLength(1);
  const executed = server.calls.find(({ method }) => method === "ExecutePlan")?.request;
  const reattached = server.calls.findLast(({ method }) => method === "ReattachExecute")?.request;
  expect(reattached?.text(3)).toBe(executed?.text(6));
  expect(reattached?.text(5)).toBe("1");
  await session.close();
});

it("sends an execution again when the server never had it", async () => {
  const { session, methods } = await open((call) => {
    const sent = methods().filter((name) => name === "ExecutePlan").length;
    if (call.method === "ExecutePlan" && sent === 1) call.cut();
    else if (call.method === "ExecutePlan") {
      call.send(complete("1"));
      call.end();
    } else if (call.method === "ReattachExecute") {
      call.fail(13, "no such operation", { errorClass: "INVALID_HANDLE.OPERATION_NOT_FOUND" });
    } else return false;
    return true;
  });
  expect(await session.run(query)).toEqual([]);
  await session.close();
});

it("gives up after some attempts", async () => {
  const { session, methods } = await open((call) => {
    call.fail(14, "out of order");
    return true;
  });
  await expect(session.run(query)).rejects.toMatchObject({ name: "GrpcError", status: 14, message: "out of order" });
  expect(methods().filter((name) => name !== "ReleaseExecute")).toHaveLength(1 + retries.attempts);
  await session.close();
});

it("fetches the whole text of an error and its class", async () => {
  const { session } = await open((call) => {
    if (call.method === "ExecutePlan") call.fail(13, "short…", { errorId: "e1", errorClass: "DIVIDE_BY_ZERO" });
    else if (call.method === "FetchErrorDetails") {
      const error = encode({ 2: "[DIVIDE_BY_ZERO] long text", 5: encode({ 1: "DIVIDE_BY_ZERO" }) });
      call.send(encode({ 1: 0, 2: [error] }));
      call.end();
    } else return false;
    return true;
  });
  await expect(session.run(query)).rejects.toMatchObject({
    name: "SparkError",
    errorClass: "DIVIDE_BY_ZERO",
    message: "[DIVIDE_BY_ZERO] long text",
  });
  await session.close();
});

/** A server whose one operation tells of its tasks when it is asked to, and ends when it is interrupted. */
async function openInterruptible() {
  let running: FakeCall | undefined;
  let onStarted = () => {};
  const started = new Promise<void>((resolve) => {
    onStarted = resolve;
  });
  const opened = await open((call) => {
    if (call.method === "ExecutePlan") {
      running = call;
      call.send(batch("1", 1));
      setImmediate(onStarted);
      return true;
    }
    if (call.method === "Interrupt") running?.fail(13, "cancelled", { errorClass: "OPERATION_CANCELED" });
    return false;
  });
  return {
    ...opened,
    started,
    tellTasks: () => running?.send(encode({ 13: "2", 18: encode({ 1: [encode({ 1: 7, 2: 4, 3: 1 })], 2: 1 }) })),
    operation: () => running?.request.text(6),
    interrupts: () => opened.server.calls.filter(({ method }) => method === "Interrupt"),
  };
}

it("interrupts the operation that runs, once its tasks run", async () => {
  const { session, started, tellTasks, operation, interrupts } = await openInterruptible();
  const ended = expect(session.run(query)).rejects.toMatchObject({ errorClass: "OPERATION_CANCELED" });
  await started;
  session.interrupt();
  session.interrupt();
  expect(interrupts()).toEqual([]);
  tellTasks();
  await ended;
  expect(interrupts().map(({ request }) => request.text(6))).toEqual([operation()]);
  await session.close();
});

it("interrupts an operation that tells of no tasks after some time", async () => {
  const { session, started, interrupts } = await openInterruptible();
  const ended = expect(session.run(query)).rejects.toMatchObject({ errorClass: "OPERATION_CANCELED" });
  await started;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  session.interrupt();
  vi.advanceTimersByTime(10_000);
  await ended;
  expect(interrupts()).toHaveLength(1);
  await session.close();
});

it("tells how far a statement is", async () => {
  const seen: unknown[] = [];
  const server = await fakeServer((call) => {
    if (call.method !== "ExecutePlan") return false;
    const stage = (tasks: number, done: number) => encode({ 1: 7, 2: tasks, 3: done, 4: 100 });
    call.send(encode({ 13: "1", 18: encode({ 1: [stage(4, 4), stage(8, 1)], 2: 2 }) }));
    call.send(complete("2"));
    call.end();
    return true;
  });
  const session = new SparkSession(parseAddress(server.url), {
    retries,
    onProgress: (progress) => seen.push(progress),
  });
  await session.run(query);
  expect(seen).toEqual([{ tasks: 12, completedTasks: 5, runningTasks: 2, bytesRead: 200 }]);
  await session.close();
});

it("says when there is no Spark Connect at the address", async () => {
  const session = new SparkSession(parseAddress("sc://127.0.0.1:1"), { retries });
  await expect(session.run(query)).rejects.toMatchObject({ name: "GrpcError", status: 14 });
  await session.close();
});
