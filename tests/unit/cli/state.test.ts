import assert from "node:assert/strict";
import { manifestsOfState } from "../../../cli/read/state";
import { UNKNOWN } from "../../../graph/mesh/unknown";

const URN = "urn:pulumi:dev::demo::kubernetes:networking.istio.io/v1:ServiceEntry::github";
const TYPE = "kubernetes:networking.istio.io/v1:ServiceEntry";
const object = (spec: unknown) => ({
  apiVersion: "networking.istio.io/v1",
  kind: "ServiceEntry",
  metadata: { name: "github", namespace: "external" },
  spec,
});
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

describe("manifests of a Pulumi state", () => {
  it("takes outputs before inputs, and leaves out what is being replaced", () => {
    const resources = [
      { urn: "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev", type: "pulumi:pulumi:Stack" },
      { urn: URN, type: TYPE, inputs: object(1), outputs: object(2) },
      { urn: `${URN}-old`, type: TYPE, outputs: object(3), delete: true },
    ];
    assert.deepEqual(manifestsOfState({ version: 3, deployment: { resources } }, "s.json"), [
      { manifest: object(2), source: URN },
    ]);
  });

  it("takes what a preview will leave, with what it does not know", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const steps = [
      { op: "create", urn: URN, newState: { type: TYPE, inputs: object({ hosts: [unknown] }) } },
      { op: "delete", urn: `${URN}-2`, newState: { type: TYPE, inputs: object(1) } },
      { op: "same", urn: `${URN}-3`, newState: { type: TYPE, inputs: object(3) } },
    ];
    const found = manifestsOfState({ steps }, "p.json");
    assert.deepEqual(
      found?.map(({ manifest }) => manifest.spec),
      [{ hosts: [UNKNOWN] }, 3],
    );
  });

  it("reads secrets that are shown, and does not know those that are encrypted", () => {
    const secret = (rest: object) => ({ [SIGNATURE]: SECRET, ...rest });
    const spec = { a: secret({ plaintext: '"x"' }), b: secret({ ciphertext: "v1:zzz" }), c: secret({ value: [1] }) };
    const resources = [{ urn: URN, type: TYPE, outputs: object(spec) }];
    assert.deepEqual(manifestsOfState({ deployment: { resources } }, "s.json")?.[0]?.manifest.spec, {
      a: "x",
      b: UNKNOWN,
      c: [1],
    });
  });

  it("is nothing for other JSON", () => {
    assert.equal(manifestsOfState({ apiVersion: "v1" }, "x.json"), undefined);
  });

  it("says what a state without URNs lacks", () => {
    assert.throws(
      () => manifestsOfState({ deployment: { resources: [{}] } }, "x.json"),
      /x\.json: a resource has no urn/,
    );
  });
});
