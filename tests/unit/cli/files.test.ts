import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readManifests } from "../../../cli/read/files";

const OBJECT = "apiVersion: v1\nkind: Service\nmetadata: {name: NAME}\n";

describe("manifests of files and folders", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "controlled-egress-read-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }
  const names = (path = folder) => readManifests(path).map(({ manifest }) => manifest.metadata.name);

  it("reads a folder deep, in the order of names, and leaves out what holds no manifests", () => {
    write("b.yaml", OBJECT.replace("NAME", "b"));
    write("a/c.yml", OBJECT.replace("NAME", "c"));
    write("a/d.json", JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "d" } }));
    write("values.yaml", "image: {{ .Values.image }}\n");
    write("tsconfig.json", "{ // a comment\n}");
    write(".git/e.yaml", OBJECT);
    write("node_modules/f.yaml", OBJECT);
    write("readme.md", OBJECT);
    assert.deepEqual(names(), ["c", "d", "b"]);
  });

  it("reads what kubectl prints as JSON", () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }],
    };
    assert.deepEqual(names(write("list.json", JSON.stringify(list))), ["p"]);
  });

  it("makes the component's objects of a stack's config", () => {
    const file = write(
      "Pulumi.dev.yaml",
      [
        "config:",
        "  controlled-egress:demo: true",
        "  controlled-egress:destinations: {github: {hosts: [github.com]}}",
        "  controlled-egress:applications: [{namespace: test-app, name: app-a, allow: [github]}]",
      ].join("\n"),
    );
    assert.ok(names(file).includes("github.com"));
    assert.deepEqual(names(), []);
  });

  it("tells all that is wrong with a stack's config, with its file", () => {
    const file = write("Pulumi.dev.yaml", "config:\n  a:destinations: {github: {hosts: []}}\n  a:applications: 3\n");
    assert.throws(
      () => readManifests(file),
      ({ message }: Error) => {
        const lines = message.split("\n");
        for (const key of ["applications", "destinations.github.hosts"])
          assert.ok(
            lines.some((line) => line.startsWith(file) && line.includes(key)),
            message,
          );
        return true;
      },
    );
  });

  it("names file and line of broken JSON", () => {
    assert.throws(() => readManifests(write("x.json", '{"apiVersion": "v1",\n "kind" "x"}')), /x\.json:2: /);
  });

  it("says that there is no such file", () => {
    assert.throws(() => readManifests(join(folder, "nothing")), /nothing: no such file or folder\.$/);
  });
});
