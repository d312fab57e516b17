import assert from "node:assert/strict";
import fc from "fast-check";
import { type EgressConfig, type GatewayOptions, manifests, type Release, withDefaults } from "../../../graph";
import { gatewayManifests } from "../../../graph/mesh/helmRelease";
import { MeshObject } from "../../../graph/mesh/object";
import { arbitraryConfig } from "../../support/arbitraryConfig";

function valuesOf(config: EgressConfig, service: string): Record<string, unknown> {
  const release = manifests(withDefaults(config)).find(
    ({ kind, metadata }) => kind === "Release" && metadata.name === service,
  ) as Release | undefined;
  return release?.spec.values ?? assert.fail(`no release ${service}`);
}

/** A configuration with one gateway, `api`. */
function config(options: GatewayOptions, rest: Partial<EgressConfig> = {}): EgressConfig {
  return {
    destinations: { api: { hosts: ["api.example"] } },
    applications: [{ namespace: "shop", name: "cart", allow: ["api"] }],
    gateways: { api: options },
    ...rest,
  };
}

function values(options: GatewayOptions, rest: Partial<EgressConfig> = {}): Record<string, unknown> {
  return valuesOf(config(options, rest), "egress-api");
}

function proxyConfig(of: Record<string, unknown>): unknown {
  return JSON.parse((of.podAnnotations as Record<string, string>)["proxy.istio.io/config"] ?? "");
}

describe("objects: a gateway's pods", () => {
  it("are two by default, with a budget of one, spread over nodes and zones, and 30 seconds to drain", () => {
    const found = values({});
    assert.equal(found.replicaCount, 2);
    assert.deepEqual(found.autoscaling, { enabled: false });
    assert.deepEqual(found.podDisruptionBudget, { minAvailable: 1 });
    const labelSelector = { matchLabels: { app: "egress-api", istio: "egress-api" } };
    assert.deepEqual(
      found.topologySpreadConstraints,
      ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector,
      })),
    );
    assert.ok(Number(found.terminationGracePeriodSeconds) > 30, "the kill must not cut the drain short");
    assert.deepEqual(proxyConfig(found), {
      gatewayTopology: { forwardClientCertDetails: "SANITIZE" },
      proxyHeaders: {
        attemptCount: { disabled: true },
        envoyDebugHeaders: { disabled: true },
        metadataExchangeHeaders: { mode: "IN_MESH" },
      },
      terminationDrainDuration: "30s",
    });
    for (const key of ["resources", "nodeSelector", "tolerations"]) assert.ok(!(key in found), key);
  });

  it("are one, without budget and spread", () => {
    const found = values({ replicas: 1 });
    assert.equal(found.replicaCount, 1);
    assert.ok(!("podDisruptionBudget" in found));
    assert.ok(!("topologySpreadConstraints" in found));
  });

  it("are scaled by CPU, without a fixed count beside it", () => {
    const found = values({ autoscaling: { maxReplicas: 6 } });
    assert.ok(!("replicaCount" in found));
    assert.deepEqual(found.autoscaling, {
      enabled: true,
      minReplicas: 2,
      maxReplicas: 6,
      targetCPUUtilizationPercentage: 80,
    });
    assert.deepEqual(found.podDisruptionBudget, { minAvailable: 1 });
    assert.ok("topologySpreadConstraints" in values({ autoscaling: { minReplicas: 1, maxReplicas: 2 } }));
  });

  it("have no budget where none is wanted, and are not spread where that is not wanted", () => {
    assert.ok(!("podDisruptionBudget" in values({ minAvailable: 0 })));
    assert.ok(!("topologySpreadConstraints" in values({ spread: false })));
  });

  it("run where and with what the user says, behind the Service that the user says", () => {
    const tolerations = [{ key: "egress", operator: "Exists", effect: "NoSchedule" }];
    const resources = { requests: { cpu: "500m" } };
    const found = values({
      resources,
      tolerations,
      nodeSelector: { pool: "egress" },
      serviceAnnotations: { "example.org/note": "x" },
      clusterIp: "198.18.128.20",
      drainSeconds: 300,
    });
    assert.deepEqual(
      [found.resources, found.tolerations, found.nodeSelector],
      [resources, tolerations, { pool: "egress" }],
    );
    const { annotations, clusterIP, type } = found.service as Record<string, unknown>;
    assert.deepEqual([annotations, clusterIP, type], [{ "example.org/note": "x" }, "198.18.128.20", "ClusterIP"]);
    assert.match(JSON.stringify(proxyConfig(found)), /"terminationDrainDuration":"300s"/);
    assert.ok(Number(found.terminationGracePeriodSeconds) > 300);
  });

  it("obey the chart's own values that the user lays over all", () => {
    const istio = { values: { gateway: { replicaCount: 7, podDisruptionBudget: { minAvailable: null } } } };
    const found = values({ replicas: 3 }, { istio });
    assert.equal(found.replicaCount, 7);
    assert.deepEqual(found.podDisruptionBudget, { minAvailable: null });
  });

  it("take the defaults of all gateways, but for what one says of itself", () => {
    const of = (service: string) =>
      valuesOf(
        config(
          { replicas: 5 },
          {
            destinations: { api: { hosts: ["api.example"] }, db: { hosts: ["db.example"] } },
            gatewayDefaults: { replicas: 3, nodeSelector: { pool: "egress" } },
          },
        ),
        service,
      );
    assert.deepEqual([of("egress-api").replicaCount, of("egress-db").replicaCount], [5, 3]);
    assert.deepEqual(of("egress-api").nodeSelector, { pool: "egress" });
  });

  it("keep the identity of a gateway, whatever the options: labels, account, ports and addresses are read back", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        for (const { service, ports, options } of intent.gateways) {
          const release = manifests(intent).find(
            ({ kind, metadata }) => kind === "Release" && metadata.name === service,
          );
          assert.ok(release);
          const [deployment, made] = gatewayManifests(new MeshObject({ manifest: release }));
          const template = (deployment?.spec as { template: Template } | undefined)?.template ?? assert.fail();
          assert.equal(template.metadata.labels.app, service);
          assert.equal(template.spec.serviceAccountName, service);
          const spec = made?.spec as { ports: { port: number }[]; clusterIP: string | undefined };
          assert.deepEqual(
            spec.ports.map(({ port }) => port),
            [15021, ...ports.map(({ number }) => number)],
          );
          assert.equal(spec.clusterIP, options.clusterIp);
        }
      }),
      { seed: 13, numRuns: 100 },
    );
  });
});

interface Template {
  metadata: { labels: Record<string, string> };
  spec: { serviceAccountName: string };
}
