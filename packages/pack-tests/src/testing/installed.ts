import { afterAll, inject } from "vitest";
import { type Installation, install } from "../installation.ts";

/** {@link install} with the tarballs of this run; the folder goes when the suite has ended. */
export async function installed(
  names: string | readonly string[],
  more?: Readonly<Record<string, string>>,
): Promise<Installation> {
  const installation = await install(inject("tarballs"), [names].flat(), more);
  afterAll(() => installation.remove());
  return installation;
}
