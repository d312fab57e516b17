import assert from "node:assert/strict";
import { join } from "node:path";
import { readManifests } from "../../cli/read/files";
import { type GatewayOptions, type Manifest, manifests, type Release, withDefaults } from "../../graph";
import { gatewayManifests } from "../../graph/mesh/helmRelease";
import { MeshObject } from "../../graph/mesh/object";
import { ensureChart } from "../support/charts";
import { Engine } from "../support/engine";

/*
 * What Istio's own chart, by Helm, makes of our values; it also holds the chart's schema against them. And what the
 * graph reads out of a Release must be what the chart makes of it.
 */

const GATEWAYS: Record<string, GatewayOptions> = {
  plain: {},
  single: { replicas: 1, drainSeconds: 0 },
  scaled: { autoscaling: { minReplicas: 3, maxReplicas: 9, targetCpuPercent: 60 }, minAvailable: 2 },
  placed: {
    replicas: 4,
    minAvailable: 3,
    spread: false,
    drainSeconds: 300,
    resources: { requests: { cpu: "500m" }, limits: { memory: "2Gi" } },
    nodeSelector: { "example.org/pool": "egress" },
    tolerations: [{ key: "egress", operator: "Exists", effect: "NoSchedule" }],
    serviceAnnotations: { "example.org/note": "x" },
    clusterIp: "198.18.128.20",
  },
};

function releases(): Release[] {
  const names = Object.keys(GATEWAYS);
  const intent = withDefaults({
    destinations: Object.fromEntries(names.map((name) => [name, { hosts: [`${name}.example`] }])),
    applications: [{ namespace: "shop", name: "cart", allow: names }],
    gateways: GATEWAYS,
  });
  return manifests(intent).filter(
    ({ kind, metadata }) => kind === "Release" && metadata.namespace === "external",
  ) as Release[];
}

describe("Istio's gateway chart", function () {
  this.timeout(120_000);

  let engine: Engine;
  let made: Manifest[];
  before(async () => {
    engine = await Engine.open({ program: join(__dirname, "fixtures/gatewayChart") });
    const folder = join(engine.folder, "rendered");
    engine.writeConfig({
      "gateway-chart:folder": folder,
      "gateway-chart:chart": await ensureChart("gateway"),
      "gateway-chart:releases": releases().map(({ spec: { name, namespace, values } }) => ({
        name,
        namespace,
        values,
      })),
    });
    const up = await engine.up("--skip-preview");
    assert.equal(up.exitCode, 0, `${up.stdout}${up.stderr}`);
    made = readManifests(folder).map(({ manifest }) => manifest);
  });
  after(() => engine?.close());

  function find(kind: string, gateway: string): Manifest | undefined {
    return made.find((manifest) => manifest.kind === kind && manifest.metadata.name === `egress-${gateway}`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: specs of four Kubernetes kinds.
  function spec(kind: string, gateway: string): any {
    return (find(kind, gateway) ?? assert.fail(`no ${kind} of ${gateway}`)).spec;
  }

  it("makes as many pods as are asked for, and none beside an autoscaler", () => {
    const replicas = Object.keys(GATEWAYS).map((gateway) => spec("Deployment", gateway).replicas);
    assert.deepEqual(replicas, [2, 1, undefined, 4]);
  });

  it("makes an autoscaler where one is asked for, by CPU", () => {
    assert.deepEqual(
      Object.keys(GATEWAYS).map((gateway) => find("HorizontalPodAutoscaler", gateway) !== undefined),
      [false, false, true, false],
    );
    const { minReplicas, maxReplicas, metrics } = spec("HorizontalPodAutoscaler", "scaled");
    assert.deepEqual([minReplicas, maxReplicas], [3, 9]);
    assert.deepEqual(metrics, [
      { type: "Resource", resource: { name: "cpu", target: { averageUtilization: 60, type: "Utilization" } } },
    ]);
  });

  it("makes a budget where there is more than one pod, for the gateway's pods", () => {
    const budgets = Object.keys(GATEWAYS).map((gateway) => find("PodDisruptionBudget", gateway)?.spec);
    const selector = (gateway: string) => ({ matchLabels: { app: `egress-${gateway}`, istio: `egress-${gateway}` } });
    assert.deepEqual(budgets, [
      { minAvailable: 1, selector: selector("plain") },
      undefined,
      { minAvailable: 2, selector: selector("scaled") },
      { minAvailable: 3, selector: selector("placed") },
    ]);
  });

  it("spreads the pods by labels that they carry", () => {
    const { template } = spec("Deployment", "plain");
    assert.equal(template.spec.topologySpreadConstraints.length, 2);
    for (const { labelSelector } of template.spec.topologySpreadConstraints)
      for (const [key, value] of Object.entries(labelSelector.matchLabels))
        assert.equal(template.metadata.labels[key], value);
    assert.equal(spec("Deployment", "placed").template.spec.topologySpreadConstraints, undefined);
  });

  it("gives the drain its time", () => {
    for (const [gateway, seconds] of [
      ["plain", 30],
      ["single", 0],
      ["placed", 300],
    ] as const) {
      const { template } = spec("Deployment", gateway);
      const proxy = JSON.parse(template.metadata.annotations["proxy.istio.io/config"]);
      assert.equal(proxy.terminationDrainDuration, `${seconds}s`);
      assert.ok(template.spec.terminationGracePeriodSeconds > seconds);
    }
  });

  it("places the pods and fills in its own resources beside ours", () => {
    const { nodeSelector, tolerations, containers } = spec("Deployment", "placed").template.spec;
    assert.deepEqual(nodeSelector, { "example.org/pool": "egress" });
    assert.deepEqual(tolerations, [{ key: "egress", operator: "Exists", effect: "NoSchedule" }]);
    const { requests, limits } = containers[0].resources;
    assert.deepEqual([requests.cpu, limits.memory], ["500m", "2Gi"]);
    assert.ok(requests.memory && limits.cpu, "the chart's own are gone");
  });

  it("makes what the graph reads out of the Release: labels, account, annotations, ports, address", () => {
    for (const release of releases()) {
      const gateway = release.metadata.name.replace("egress-", "");
      const [deployment, service] = gatewayManifests(new MeshObject({ manifest: release }));
      const read = (deployment?.spec as { template: PodTemplate } | undefined)?.template ?? assert.fail();
      const real = spec("Deployment", gateway).template as PodTemplate;
      assertWithin(read.metadata.labels, real.metadata.labels);
      assertWithin(read.metadata.annotations, real.metadata.annotations);
      assert.equal(read.spec.serviceAccountName, real.spec.serviceAccountName);
      assertWithin(service?.metadata.annotations ?? {}, find("Service", gateway)?.metadata.annotations ?? {});
      const { ports, selector, clusterIP } = spec("Service", gateway);
      assert.deepEqual({ clusterIP: undefined, ...(service?.spec as object) }, { ports, selector, clusterIP });
    }
  });
});

interface PodTemplate {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec: { serviceAccountName: string };
}

function assertWithin(part: Record<string, string>, whole: Record<string, string>): void {
  for (const [key, value] of Object.entries(part)) assert.equal(whole[key], value, key);
}
