import assert from "node:assert/strict";
import { manifestsOfYaml, pieces } from "../../../cli/read/yamlText";

const entry = (name: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: external}
spec: {hosts: [${name}.com]}
`;

describe("manifests of YAML", () => {
  it("gives each object with the line where it starts", () => {
    const text = `# a comment\n---\n${entry("a")}---\n\n${entry("b")}`;
    const found = manifestsOfYaml(text, "a.yaml").map(({ manifest, source }) => [manifest.metadata.name, source]);
    assert.deepEqual(found, [
      ["a", "a.yaml:3"],
      ["b", "a.yaml:9"],
    ]);
  });

  it("splits lists of any kind, each item with its own line and, where it has none, the list's type", () => {
    const text = [
      "apiVersion: networking.istio.io/v1",
      "kind: ServiceEntryList",
      "metadata: {}",
      "items:",
      "- metadata: {name: a}",
      "- metadata: {name: b}",
      "  spec: {hosts: [x], ports: []}",
      "- apiVersion: v1",
      "  kind: List",
      "  items:",
      "  - {apiVersion: v1, kind: Service, metadata: {name: c}}",
    ].join("\n");
    const found = manifestsOfYaml(text, "l.yaml");
    assert.deepEqual(
      found.map(({ manifest, source }) => [manifest.apiVersion, manifest.kind, manifest.metadata.name, source]),
      [
        ["networking.istio.io/v1", "ServiceEntry", "a", "l.yaml:5"],
        ["networking.istio.io/v1", "ServiceEntry", "b", "l.yaml:6"],
        ["v1", "Service", "c", "l.yaml:8"],
      ],
    );
  });

  it("reads scalars as kubectl does", () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {yes: on, mode: 017, many: 1_000, day: 2024-01-01, time: 12:30}\n`;
    const [found] = manifestsOfYaml(text, "c.yaml");
    assert.deepEqual(found?.manifest.data, { true: true, mode: 15, many: 1000, day: "2024-01-01", time: "12:30" });
  });

  it("merges keys", () => {
    const text = `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nbase: &base {a: 1}\nspec: {<<: *base, b: 2}\n`;
    assert.deepEqual(manifestsOfYaml(text, "m.yaml")[0]?.manifest.spec, { a: 1, b: 2 });
  });

  it("passes by documents that are no Kubernetes objects, empty ones among them", () => {
    assert.deepEqual(manifestsOfYaml(`---\n---\nreplicas: 2\n---\n- 1\n---\nkind: Kustomization\n`, "v.yaml"), []);
  });

  it("names file, line and reason of a fault, wherever it is in a long file", () => {
    const many = Array.from({ length: 2000 }, (_, i) => entry(`host-${i}`)).join("---\n");
    const lines = many.split("\n").length;
    assert.throws(() => manifestsOfYaml(`${many}---\nkind: [broken\nspec: {}\n`, "long.yaml"), {
      name: "Error",
      message: new RegExp(`^long\\.yaml:${lines + 2}: `),
    });
  });

  it("refuses a key that is given twice", () => {
    assert.throws(
      () => manifestsOfYaml("apiVersion: v1\nkind: Service\nkind: Pod\n", "d.yaml"),
      /^Error: d\.yaml:3: duplicated mapping key/,
    );
  });
});

describe("pieces", () => {
  it("cuts only where a document starts, and loses nothing", () => {
    const text = Array.from({ length: 50 }, (_, i) => `a: ${i}\nb: |\n  --- no start\n`).join("---\n");
    const parts = [...pieces(text, 100)].map(([start, end]) => text.slice(start, end));
    assert.equal(parts.join(""), text);
    assert.ok(parts.length > 5);
    for (const part of parts.slice(1)) assert.match(part, /^---\n/);
  });
});
