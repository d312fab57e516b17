import assert from "node:assert/strict";
import { type EgressConfig, manifests, withDefaults } from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import { buildMesh } from "../../../graph/mesh/mesh";

/** Two components of one cluster, with gateways of the same name in their own namespaces. */
function config(team: string, host: string): EgressConfig {
  return {
    gatewayNamespace: `${team}-egress`,
    destinations: { partner: { hosts: [host] } },
    applications: [{ namespace: team, name: "cart", allow: ["partner"] }],
  };
}

describe("objects: two components on one cluster", () => {
  const intents = [withDefaults(config("red", "partner.example")), withDefaults(config("blue", "partner.example"))];
  const mesh = buildMesh(intents.flatMap((intent) => manifests(intent)).map((manifest) => ({ manifest })));

  for (const team of ["red", "blue"])
    for (const port of [80, 443])
      it(`keep their gateways apart: ${team}, port ${port}`, () => {
        const verdict = explain(mesh, {
          workload: { namespace: team, labels: { app: "cart" }, serviceAccount: "cart", injected: true },
          host: "partner.example",
          port,
          protocol: port === 80 ? "http" : "tls",
        });
        assert.equal(verdict.verdict, "gateway", verdict.reason);
        assert.equal(verdict.gateway, `${team}-egress/egress-partner`);
        assert.equal(verdict.outcomes.length, 1);
      });
});
