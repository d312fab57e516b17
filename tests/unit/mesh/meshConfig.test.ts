import assert from "node:assert/strict";
import { load } from "js-yaml";
import type { Manifest } from "../../../graph";
import { buildMesh } from "../../../graph/mesh/mesh";
import type { MeshOptions } from "../../../graph/mesh/sourced";
import { judge } from "../../../graph/rules/judge";

/** Istio's own ConfigMap: its mesh config is text. */
const CONFIG_MAP = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "istio", namespace: "istio-system" },
  data: { mesh: "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\ntrustDomain: here\n" },
} as Manifest;

const meshOf = (options: MeshOptions) => buildMesh([{ manifest: CONFIG_MAP }], options);

describe("mesh config as text in the ConfigMap istio", () => {
  it("is read where the caller brings a reader of YAML", () => {
    const { config } = meshOf({ parseYaml: load });
    assert.equal(config.trustDomain, "here");
    assert.equal(config.outboundMode, "REGISTRY_ONLY");
  });

  it("is an input not known yet where the caller brings none", () => {
    assert.throws(() => meshOf({}), { message: "ConfigMap istio-system/istio: data.mesh is not known yet" });
  });

  it("is said by the rules as undecided, with the ConfigMap's name", () => {
    const findings = judge([{ manifest: CONFIG_MAP }], { today: "2026-01-01" });
    assert.deepEqual(
      findings.map(({ object, field, undecided }) => ({ object, field, undecided })),
      [{ object: "ConfigMap istio-system/istio", field: "data.mesh", undecided: true }],
    );
  });

  it("decides nothing where the ConfigMap is another one", () => {
    const other = { ...CONFIG_MAP, metadata: { name: "istio", namespace: "elsewhere" } };
    assert.equal(buildMesh([{ manifest: other }]).config.trustDomain, "cluster.local");
  });
});
