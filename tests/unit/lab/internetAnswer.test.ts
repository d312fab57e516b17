import assert from "node:assert/strict";
import { answer, type Call } from "../../../lab/internetAnswer";

function call(change: Partial<Call>): Call {
  return {
    host: "httpbin.org",
    address: "198.19.0.13",
    port: 80,
    method: "GET",
    path: "/",
    hostHeader: "httpbin.org",
    sni: "",
    clientCertificate: "",
    protocol: "http",
    httpVersion: "1.1",
    headers: { host: "httpbin.org", "user-agent": "curl/8" },
    rawHeaders: [["Host", "httpbin.org"]],
    body: "",
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

  it("redirects from any host to a URL that it is told, written so that it fits a header", () => {
    const asked = (to: string) => answer(call({ host: "github.com", path: `/redirect?to=${to}` }));
    assert.equal(asked("http%3A%2F%2Fevil.example%2Fx%3Fy").status, 302);
    assert.deepEqual(asked("http%3A%2F%2Fevil.example%2Fx%3Fy").headers, { location: "http://evil.example/x?y" });
    assert.deepEqual(asked("http://evil.example/%0d%0aa").headers, { location: "http://evil.example/a" });
    assert.equal(asked("nowhere").status, 400);
  });

  it("echoes a path that is no URL", () => {
    for (const path of ["//", "http://[", "*", "/redirect"]) assert.equal(answer(call({ path })).status, 200, path);
    assert.equal(answer(call({ path: "/get", hostHeader: "a b" })).status, 200);
  });

  it("keeps httpbin's paths to httpbin", () => {
    assert.equal(answer(call({ host: "github.com", path: "/status/418" })).status, 200);
  });
});
