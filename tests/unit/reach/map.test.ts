import assert from "node:assert/strict";
import fc from "fast-check";
import { flows, manifests, withDefaults } from "../../../graph";
import { buildMesh } from "../../../graph/mesh/mesh";
import { type EgressMap, mapOf, mapOfFlows } from "../../../graph/reach/map";
import { meshOf } from "../../cases/ask";
import { RO, se } from "../../cases/gateway";
import { arbitraryConfig } from "../../support/arbitraryConfig";

const CALLED: Record<string, string> = { http2: "http", grpc: "http" };

/** Who reaches what by which gateway, whatever the requests are called. */
function essence({ edges }: EgressMap): string[] {
  const lines = edges.map(
    ({ application, host, port, protocol, verdict, gateways, requests }) =>
      `${application} ${host}:${port} ${CALLED[protocol] ?? protocol} ${verdict} ${gateways.join()} ${requests ? "some" : "all"}`,
  );
  return [...new Set(lines)].sort();
}

describe("map", function () {
  this.timeout(60_000);

  it("read from the objects is the map of the intent, whatever their order", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        // Whose an account is that no object makes, nobody can say: of two applications, each may have either.
        const applications = config.applications.map((each) => ({ ...each, createServiceAccount: true }));
        const intent = withDefaults({ ...config, applications });
        const objects = manifests(intent).map((manifest) => ({ manifest }));
        const read = mapOf(buildMesh(objects));
        assert.deepEqual(essence(read), essence(mapOfFlows(flows(intent))));
        assert.deepEqual(mapOf(buildMesh([...objects].reverse())), read);
      }),
      { seed: 12, numRuns: 25 },
    );
  });

  it("shows what leaves without a gateway, by whom, and who reaches nothing", () => {
    const mesh = meshOf(
      `Namespace app +istio-injection=enabled\nDeployment app/a {template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a}]}}}\nSidecar app/quiet {workloadSelector: {labels: {app: quiet}}, egress: [{hosts: ["~/*"]}]}\n${se("app/y", "y.com", "443", "resolution: DNS")}`,
      RO,
    );
    const { applications, gateways, edges } = mapOf(mesh);
    assert.deepEqual(
      applications.map(({ id }) => id),
      ["app/*", "app/a", "app/quiet"],
    );
    assert.deepEqual(gateways, []);
    assert.deepEqual(
      edges.map(({ application, host, verdict }) => `${application} ${host} ${verdict}`),
      ["app/* y.com direct", "app/a y.com direct"],
    );
  });
});
