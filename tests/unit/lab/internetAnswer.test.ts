import assert from "node:assert/strict";
import { answer, type Call } from "../../../lab/internetAnswer";

function call(change: Partial<Call>): Call {
  return {
    host: "httpbin.org",
    address: "198.19.0.13",
    method: "GET",
    path: "/",
    hostHeader: "httpbin.org",
    sni: "",
    protocol: "http",
    httpVersion: "1.1",
    headers: { host: "httpbin.org", "user-agent": "curl/8" },
    peer: "198.18.0.7",
    ...change,
  };
}

describe("lab: what the internet answers", () => {
  it("says who it is and what it was asked", () => {
    const asked = call({ host: "github.com", path: "/x" });
    assert.deepEqual(answer(asked), { status: 200, body: asked });
  });

  it("answers httpbin's paths as httpbin does", () => {
    const body = (path: string) => answer(call({ path })).body as Record<string, unknown>;
    assert.deepEqual(body("/headers").headers, { Host: "httpbin.org", "User-Agent": "curl/8" });
    assert.equal(body("/ip").origin, "198.18.0.7");
    assert.deepEqual(body("/get?a=b").args, { a: "b" });
    assert.equal(body("/get?a=b").url, "http://httpbin.org/get?a=b");
    assert.equal(answer(call({ path: "/status/418" })).status, 418);
    assert.equal(answer(call({ path: "/status/nonsense" })).status, 400);
  });

  it("keeps httpbin's paths to httpbin", () => {
    assert.equal(answer(call({ host: "github.com", path: "/status/418" })).status, 200);
  });
});
