import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readLine } from "../../../graph/traffic/accessLine";
import type { LoggedCall } from "../../../graph/traffic/loggedCall";
import { NOTHING_KNOWN } from "../../../graph/traffic/proxy";
import { TrafficReader, trafficOf } from "../../../graph/traffic/reader";
import { seenIn } from "../../../graph/traffic/seen";
import { OTHER_HOSTS } from "../../../graph/traffic/traffic";
import { ROOT } from "../../support/demo";

/** Lines that Envoys of the lab wrote, one of each way in which a call ended there. */
const LINES = readFileSync(join(ROOT, "tests/cases/logs/real.jsonl"), "utf8").trimEnd().split("\n");

/** Read by people in the raw lines, in their order. */
const MEANT: string[] = [
  "call gateway allowed arrived test-app/app-b google.com:80",
  "call gateway allowed arrived test-app/app-a github.com:443",
  "call sidecar denied unknown-host test-app/app-a cnn.com:443",
  "call sidecar denied unknown-host test-app/app-a cnn.com:80",
  "forwarded sidecar allowed forwarded test-app/app-a github.com:80",
  "forwarded sidecar allowed forwarded test-app/app-a github.com:443",
  "call sidecar denied unknown-host attack-apps/app-a 198.19.0.23:22",
  "call sidecar denied no-route attack-apps/app-a github.com:80",
  "call sidecar failed protocol attack-apps/app-a 198.19.0.12:80",
  "call gateway denied no-server ADDRESS unknown:80",
  "call gateway denied identity ADDRESS github.com:443",
  "call gateway denied authorization attack-apps/app-a evil.example:80",
  "inside",
  "forwarded sidecar allowed forwarded attack-apps/app-a db1.example:5432",
  "call gateway failed upstream attack-apps/app-a wrong-name.example:80",
];

function meaning(text: string): string {
  const read = readLine(text);
  assert.ok(read);
  const seen = seenIn(read, NOTHING_KNOWN);
  return seen.kind === "inside" ? seen.kind : `${seen.kind} ${summary(seen.call)}`;
}

function summary({ by, outcome, reason, caller, host, port }: LoggedCall): string {
  return `${by} ${outcome} ${reason} ${/^[\d.]+$/.test(caller) ? "ADDRESS" : caller} ${host}:${port}`;
}

describe("access logs: what a line tells", () => {
  it("has a line for each meaning", () => assert.equal(LINES.length, MEANT.length));

  for (const [index, meant] of MEANT.entries())
    it(`line ${index + 1}: ${meant}`, () => assert.equal(meaning(LINES[index] ?? ""), meant));

  it("is the same behind kubectl's prefix and in a collector's wrapping", () => {
    const [line = "", meant = ""] = [LINES[1], MEANT[1]];
    assert.equal(meaning(`[pod/egress-github-0/istio-proxy] ${line}`), meant);
    assert.equal(meaning(JSON.stringify({ log: line, stream: "stdout" })), meant);
  });
});

describe("access logs: counting", () => {
  it("puts every line in exactly one count, whatever it is", () => {
    const line = fc.oneof(fc.constantFrom(...LINES), fc.string(), fc.json());
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const { lines: counts } = trafficOf(lines);
        const sum = Object.values(counts).reduce((total, each) => total + each, 0);
        assert.equal(sum, lines.length);
      }),
    );
  });

  it("counts the same in any order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(LINES), (lines) => {
        assert.deepEqual(trafficOf(lines), trafficOf([...lines].sort()));
      }),
    );
  });

  it("counts equal calls together, with the first and the last", () => {
    const later = (LINES[0] ?? "").replace(/"time":"[^"]*"/, '"time":"2027-01-01T00:00:00.000Z"');
    const [entry] = trafficOf([LINES[0] ?? "", later, LINES[0] ?? ""]).entries;
    assert.equal(entry?.calls, 3);
    assert.equal(entry?.last, "2027-01-01T00:00:00.000Z");
    assert.ok((entry?.first ?? "") < "2027");
  });

  it("leaves out what is older than asked for", () => {
    const { entries, lines } = trafficOf(LINES, NOTHING_KNOWN, "2999-01-01");
    assert.deepEqual(entries, []);
    assert.equal(lines.outOfTime, LINES.length);
  });

  it("tells apart a bounded number of hosts: whoever calls a million names fills no memory", () => {
    const reader = new TrafficReader();
    const [, , line = ""] = LINES;
    for (let index = 0; index < 5000; index++) reader.read(line.replace("cnn.com", `n${index}.example`));
    const { entries, lines } = reader.traffic();
    assert.equal(lines.calls, 5000);
    assert.ok(entries.length < 1100, `${entries.length} entries`);
    assert.equal(
      entries.reduce((sum, { calls }) => sum + calls, 0),
      5000,
    );
    assert.ok(entries.some(({ host, calls }) => host === OTHER_HOSTS && calls > 3000));
  });
});
