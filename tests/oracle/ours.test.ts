import assert from "node:assert/strict";
import fc from "fast-check";
import { type Intent, type Manifest, manifests, type Release, withDefaults } from "../../graph";
import { gatewayManifests } from "../../graph/mesh/helmRelease";
import { MeshObject } from "../../graph/mesh/object";
import { arbitraryConfig } from "../support/arbitraryConfig";
import { callers, questions } from "../unit/roundtrip/questions";
import { Oracle, type OracleCall } from "./oracle";

const INTENTS = 25;
const SEED = 20261125;

/** The intent's objects on a cluster: charts' objects instead of releases, and a pod for each caller. */
function cluster(intent: Intent): Manifest[] {
  const objects = manifests(intent);
  const releases = objects.filter(
    ({ kind, metadata }) => kind === "Release" && metadata.namespace === intent.gatewayNamespace,
  );
  const gateways = releases.flatMap((manifest, n) =>
    gatewayManifests(new MeshObject({ manifest })).map((object) => withAddress(object, n)),
  );
  const namespaces = new Set([
    ...objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name),
    ...callers(intent).map(({ workload }) => workload.namespace),
  ]);
  const missing = [...namespaces].filter(
    (name) => !objects.some(({ kind, metadata }) => kind === "Namespace" && metadata.name === name),
  );
  return [
    ...missing.map((name): Manifest => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    ...objects.filter(({ kind }) => kind !== "Release"),
    ...gateways,
    ...callers(intent).map(({ name, workload }, n): Manifest => {
      const metadata = { name: name.split("/")[1] ?? "", namespace: workload.namespace, labels: workload.labels };
      const spec = { serviceAccountName: workload.serviceAccount, containers: [{ name: "app", image: "app" }] };
      return { apiVersion: "v1", kind: "Pod", metadata, spec, status: { podIP: `10.1.0.${n + 1}` } } as Manifest;
    }),
  ];
}

/** A Service's pods are found by their selector, so the Deployment keeps the labels that the chart gives both. */
function withAddress(object: Manifest, n: number): Manifest {
  if (object.kind !== "Service") return object;
  return { ...object, spec: { ...(object.spec as object), clusterIP: `10.96.0.${n + 1}` } };
}

function meshConfig(intent: Intent): Record<string, unknown> {
  const istiod = manifests(intent).find(
    ({ kind, metadata }) => kind === "Release" && metadata.name === "istiod",
  ) as Release;
  return istiod.spec.values.meshConfig as Record<string, unknown>;
}

/** What the oracle does not walk: it takes paths as they are written. */
function asked(intent: Intent) {
  return questions(intent).filter(({ call }) => !/\.\.|%/.test(call.path ?? ""));
}

describe("oracle: the component's own objects", function () {
  this.timeout(600_000);
  let oracle: Oracle;
  before(async () => {
    oracle = await Oracle.start();
  });
  after(() => oracle.close());

  it(`of ${INTENTS} random intents are accepted and lead exactly where the intent says`, async () => {
    for (const config of fc.sample(arbitraryConfig, { numRuns: INTENTS, seed: SEED })) {
      const intent = withDefaults(config);
      const all = asked(intent);
      const calls = all.map(({ call: { workload, ...rest } }): OracleCall => {
        const { namespace, labels, serviceAccount } = workload;
        return { ...rest, workload: { namespace, labels, serviceAccount } };
      });
      const answer = await oracle.ask({ manifests: cluster(intent), meshConfig: meshConfig(intent), calls });
      const told = JSON.stringify(config);
      assert.equal(answer.error, undefined, told);
      assert.deepEqual(answer.rejected ?? [], [], told);
      for (const [index, { title, gateway, call }] of all.entries()) {
        const outcome = answer.calls?.[index]?.outcome;
        const where = `${title}: ${JSON.stringify(outcome)} of ${told}`;
        if (gateway === undefined) assert.equal(outcome?.kind, "blocked", where);
        else {
          assert.deepEqual([outcome?.kind, outcome?.gateways?.at(-1)], ["gateway", gateway], where);
          assert.equal(outcome?.destination, `${call.host}:${call.port}`, where);
        }
      }
    }
  });
});
