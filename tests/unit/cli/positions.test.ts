import assert from "node:assert/strict";
import { Positions } from "../../../cli/read/positions";

const TEXT = `# two documents
---
apiVersion: v1
kind: A
metadata: {name: x, namespace: s, annotations: {a.b/c.d: x, a: y}}
spec: &spec
  hosts:
    - one
    - "two"
  'quoted': [1, {deep: 2}]
  text: |
    kind: B
---
apiVersion: v1
kind: List
items:
  - kind: B
    metadata: {name: y}
    spec: *none
`.replace("*none", "{}");

describe("positions of fields in a text", () => {
  const rows: [object: string, field: string, line: number | undefined, expected: string | undefined][] = [
    ["A s/x", "", 3, "3:1"],
    ["A s/x", "", undefined, "3:1"],
    ["A s/x", "spec.hosts", 3, "7:3"],
    ["A s/x", "spec.hosts[1]", 3, "9:7"],
    ["A s/x", "spec.hosts[7]", 3, "7:3"],
    ["A s/x", "spec.quoted[1].deep", 3, "10:18"],
    ["A s/x", "spec.nothing.at.all", 3, "6:1"],
    ["A s/x", "nothing", 3, "3:1"],
    ["A s/x", "metadata.annotations.a.b/c.d", 3, "5:49"],
    ["A s/x", "metadata.annotations.a", 3, "5:61"],
    ["A s/x", "spec.text: of its own", 3, "11:3"],
    ["B default/y", "metadata.name", undefined, "18:16"],
    ["B default/y", "metadata.name", 17, "18:16"],
    ["Other s/z", "spec", 17, "19:5"],
    ["Other s/z", "spec", undefined, undefined],
    ["A other/x", "", undefined, undefined],
    ["A s/x", "", 2, undefined],
  ];
  const positions = new Positions(TEXT);
  for (const [object, field, line, expected] of rows) {
    it(`${object} ${field} ${line ?? ""}`, () => {
      const found = positions.find(object, field, line);
      assert.equal(found && `${found.line}:${found.column}`, expected);
    });
  }

  it("reads JSON, with tabs too", () => {
    const object = { kind: "A", metadata: { name: "x" }, spec: { hosts: ["a/b"] } };
    const text = JSON.stringify(object, undefined, "\t").replace("a/b", "a\\/b");
    assert.deepEqual(new Positions(text).find("A default/x", "spec.hosts[0]"), { line: 8, column: 4 });
    const list = JSON.stringify([object, { ...object, kind: "B" }]);
    assert.deepEqual(new Positions(list).find("B x", ""), { line: 1, column: list.indexOf('{"kind":"B"') + 1 });
  });

  it("finds ends of lines as Windows writes them", () => {
    const found = new Positions(TEXT.replaceAll("\n", "\r\n")).find("A s/x", "spec.hosts[1]", 3);
    assert.deepEqual(found, { line: 9, column: 7 });
  });
});
