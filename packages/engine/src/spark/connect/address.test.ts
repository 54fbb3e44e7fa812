import { describe, expect, it } from "vitest";
import { parseAddress } from "./address.ts";

describe("a connection string", () => {
  it("names a host, with Spark's own port unless told", () => {
    expect(parseAddress("sc://localhost").origin).toBe("http://localhost:15002");
    expect(parseAddress("sc://localhost/").origin).toBe("http://localhost:15002");
    expect(parseAddress("sc://[::1]:7/;use_ssl=true").origin).toBe("https://[::1]:7");
  });

  it("takes the pairs that it knows and sends the others as headers", () => {
    const session = "6f1a9a8e-6b1c-4b0e-9d2e-0a1b2c3d4e5f";
    const url = `sc://h:443/;token=a%20b%3D;user_id=me;user_agent=test;session_id=${session};part_bytes=4096;x-databricks-cluster-id=0123-4`;
    expect(parseAddress(url)).toEqual({
      origin: "https://h:443",
      userId: "me",
      userAgent: "test",
      sessionId: session,
      partBytes: 4096,
      headers: { authorization: "Bearer a b=", "x-databricks-cluster-id": "0123-4" },
    });
  });

  it.each([
    "http://h",
    "sc://",
    "sc://h:0",
    "sc://h:99999",
    "sc://h/path",
    "sc://h?token=secret",
    "sc://h/;token",
    "sc://h/;=secret",
    "sc://h/;use_ssl=perhaps",
    "sc://h/;token=secret;use_ssl=false",
    "sc://h/;session_id=secret1",
    "sc://h/;part_bytes=0",
    "sc://h/;part_bytes=1e9",
    "sc://h/;a=1;a=2",
    "sc://h/;a b=secret",
    "sc://h/;a=se%0Acret",
    "sc://h/;a=%ZZ",
  ])("is refused when it is wrong: %s", (url) => {
    expect(() => parseAddress(url)).toThrow(expect.objectContaining({ code: "ENGINE_OPTION_INVALID" }));
  });

  it("keeps what is secret out of the error", () => {
    expect(() => parseAddress("sc://h:x/;token=hidden")).toThrow(/^(?!.*hidden)/);
    expect(() => parseAddress("scc://h/;token=hidden")).toThrow(/^(?!.*hidden)/);
  });
});
