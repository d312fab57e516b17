import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyPatch } from "diff";
import { ROOT } from "../../support/demo";
import { runCli } from "../../support/runCli";

const LOG = join(ROOT, "tests/cases/logs/real.jsonl");
const STACK = join(ROOT, "Pulumi.dev.yaml");

/** A call of the demo's application that its sidecar refused. */
const REFUSED = readFileSync(LOG, "utf8").split("\n")[2] ?? "";

interface Report {
  calls: { application: string; host: string; port?: number; outcome: string; reason: string; calls: number }[];
  unused?: { application: string; host: string; ports: number[] }[];
}

describe("controlled-egress audit", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "controlled-egress-audit-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  it("says who called what, and ends with 1 where something was denied", async () => {
    const { code, out } = await runCli("audit", LOG, "--from", STACK);
    assert.equal(code, 1);
    assert.match(out, /test-app\/app-a/);
    assert.match(out, /the sidecar knows no such host/);
    assert.match(out, /refused by AuthorizationPolicy/);
  });

  it("names the allowances that nobody used", async () => {
    const { out } = await runCli("audit", LOG, "--from", STACK, "--json");
    const { unused = [], calls } = JSON.parse(out) as Report;
    const names = unused.map(({ application, host, ports }) => `${application} ${host} ${ports.join()}`);
    assert.ok(names.includes("test-app/app-a httpbin.org 80,443"), names.join());
    // Port 80 was used.
    assert.ok(names.includes("test-app/app-b google.com 443"), names.join());
    assert.ok(calls.some(({ host, outcome }) => host === "cnn.com" && outcome === "denied"));
  });

  it("ends with 0 where nothing was denied", async () => {
    const [allowed = ""] = readFileSync(LOG, "utf8").split("\n");
    assert.equal((await runCli("audit", write("a.log", allowed))).code, 0);
  });

  it("suggests the lines of the stack's file that allow what was denied: with them, explain says gateway", async () => {
    const file = write("Pulumi.dev.yaml", readFileSync(STACK, "utf8"));
    const log = write("refused.log", REFUSED);
    const { out: patch } = await runCli("audit", log, "--from", file, "--patch");
    assert.match(patch, /^\+.*cnn/m);
    const patched = applyPatch(readFileSync(STACK, "utf8"), patch);
    assert.ok(patched !== false, patch);
    const ask = (config: string) => runCli("explain", "test-app/app-a", "https://cnn.com", "--from", config, "--json");
    assert.equal((await ask(file)).code, 1);
    writeFileSync(file, patched);
    const { code, out } = await ask(file);
    assert.equal(code, 0, out);
    assert.equal((JSON.parse(out) as { verdict: string }).verdict, "gateway");
  });

  const BAD: [title: string, args: string[], code: number, message: RegExp][] = [
    ["no logs at all", ["--from", STACK], 64, /audit needs logs/],
    ["a log that is not there", [join(ROOT, "nothing.log")], 65, /nothing\.log/],
    ["a file that is no access log", [join(ROOT, "README.md")], 65, /is a JSON access log/],
    ["--patch without a stack's config", [LOG, "--patch"], 64, /--patch needs the stack's config/],
    ["a time that is none", [LOG, "--since", "yesterday"], 64, /yesterday/],
  ];
  for (const [title, args, code, message] of BAD)
    it(`ends with ${code} for ${title}`, async () => {
      const result = await runCli("audit", ...args);
      assert.equal(result.code, code, result.err);
      assert.match(result.err, message);
      assert.equal(result.err.trimEnd().split("\n").length, 1);
    });
});
