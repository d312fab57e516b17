import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readStackConfig } from "../../../components/stackConfig";
import { demoConfig } from "../../support/demo";

function setConfig(config: Record<string, unknown>): void {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        `controlled-egress:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
}

function read(config: Record<string, unknown>, overlay?: string) {
  setConfig(config);
  return readStackConfig("controlled-egress", overlay);
}

function refusal(config: Record<string, unknown>, overlay?: string): string {
  try {
    read(config, overlay);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), "a RunError shows no stack trace");
    return error.message;
  }
  return assert.fail("was accepted");
}

describe("program: the stack's configuration", () => {
  it("reads the demo", () => {
    const { egress, demo } = read({ ...demoConfig(), demo: true });
    assert.deepEqual(egress, demoConfig());
    assert.equal(demo.demo, true);
  });

  it("lists every problem with its config key, and changes nothing", () => {
    const message = refusal({
      destinatons: {},
      demo: "yes",
      applications: [{ namespace: "a", name: "b", allow: ["c"] }],
    });
    assert.match(message, /^the stack's configuration has 3 problems; nothing was changed:/);
    assert.match(
      message,
      /\n {2}- controlled-egress:destinatons = \{\}: this key is not known\. Did you mean "destinations"\?/,
    );
    assert.match(message, /\n {2}- controlled-egress:demo = "yes": is no boolean\. Write true or false\./);
    assert.match(message, /\n {2}- controlled-egress:applications\[0\]\.allow\[0\] = "c": is no destination\./);
  });

  it("refuses what has expired on this day, with its config key", () => {
    const [first] = demoConfig().applications;
    const expired = { ...first, terms: { github: { expires: "2020-01-31" } } };
    assert.match(
      refusal({ ...demoConfig(), applications: [expired] }),
      /controlled-egress:applications\[0\]\.terms\.github\.expires = "2020-01-31": is past, so the allowance has expired\. Remove/,
    );
  });

  it("suggests the demo's keys too", () => {
    assert.match(
      refusal({ demoImge: "x" }),
      /controlled-egress:demoImge = "x": this key is not known\. Did you mean "demoImage"\?/,
    );
  });

  it("says when a value that must be a map or list is text", () => {
    assert.match(
      refusal({ destinations: "github.com" }),
      /controlled-egress:destinations = "github\.com": must be a map/,
    );
  });

  it("lays the machine's overlay over the stack's settings", () => {
    const folder = mkdtempSync(join(tmpdir(), "overlay-"));
    try {
      const file = join(folder, "overlay.yaml");
      writeFileSync(file, "istio: {charts: {base: ./charts/base}}\ndemoImage: lab.local/app:1\n");
      const { egress, demo } = read({ ...demoConfig(), istio: { revision: "r1" } }, file);
      assert.deepEqual(egress.istio, { revision: "r1", charts: { base: "./charts/base" } });
      assert.equal(demo.demoImage, "lab.local/app:1");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("names the overlay that it cannot read", () => {
    assert.match(
      refusal(demoConfig() as never, "./no-such-file.yaml"),
      /^CONTROLLED_EGRESS_OVERLAY = "\.\/no-such-file\.yaml": cannot be read/,
    );
  });
});
