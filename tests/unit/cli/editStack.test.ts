import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch } from "diff";
import { editStack } from "../../../cli/editStack";
import { ROOT } from "../../support/demo";

const DEMO = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8");
const ALLOW = { path: ["applications", 1, "allow", 1], value: "github" };
const DESTINATION = { path: ["destinations", "pay"], value: { hosts: ["pay.com"], ports: [{ number: 443 }] } };

function changed(before: string, after: string): string[] {
  const known = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !known.has(line));
}

describe("the edit of a stack's file", () => {
  it("changes the lines that it must, and keeps comments", () => {
    const edit = editStack("Pulumi.dev.yaml", DEMO, [ALLOW, DESTINATION]);
    assert.ok(edit);
    assert.deepEqual(changed(DEMO, edit.text), [
      "    pay:",
      "      hosts: [pay.com]",
      "      ports:",
      "        - {number: 443}",
      "      allow: [google, github]",
    ]);
    assert.match(edit.text, /# One pod a gateway, gone at once/);
  });

  it("gives the same as a unified patch", () => {
    const edit = editStack("Pulumi.dev.yaml", DEMO, [ALLOW]);
    assert.match(edit?.patch ?? "", /^--- a\/Pulumi\.dev\.yaml\n\+\+\+ b\/Pulumi\.dev\.yaml\n@@ .*\n/);
    assert.match(edit?.patch ?? "", /\n- {6}allow: \[google\]\n\+ {6}allow: \[google, github\]\n/);
    assert.equal(applyPatch(DEMO, edit?.patch ?? ""), edit?.text);
  });

  it("keeps the file's own ways of writing", () => {
    const text = [
      "config:",
      "  acme:destinations:   # ours",
      '    "github": { hosts: [ github.com ] }',
      "  acme:applications:",
      "  - namespace: 'shop'",
      "    name: orders",
      "    allow:",
      "    - github # needed",
      "",
    ].join("\n");
    const edit = editStack("f", text, [{ path: ["applications", 0, "allow", 1], value: "pay" }, DESTINATION]);
    assert.deepEqual(changed(text, edit?.text ?? ""), [
      "    pay:",
      "      hosts: [ pay.com ]",
      "      ports:",
      "      - { number: 443 }",
      "    - pay",
    ]);
  });

  it("adds lists that are not there yet", () => {
    const text = "config:\n  p:destinations: {}\n";
    const value = { namespace: "shop", name: "orders", allow: ["pay"] };
    const edit = editStack("f", text, [DESTINATION, { path: ["applications", 0], value }]);
    assert.match(edit?.text ?? "", /p:applications:\n {4}- namespace: shop\n {6}name: orders\n {6}allow: \[pay\]\n/);
  });

  it("is none where it would change what else an alias stands for", () => {
    const text = [
      "config:",
      "  p:destinations: {github: {hosts: [github.com]}}",
      "  p:applications:",
      "    - {namespace: shop, name: a, allow: &usual [github]}",
      "    - {namespace: shop, name: b, allow: *usual}",
      "",
    ].join("\n");
    for (const index of [0, 1])
      assert.equal(editStack("f", text, [{ path: ["applications", index, "allow", 1], value: "x" }]), undefined);
  });
});
