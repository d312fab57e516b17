import assert from "node:assert/strict";
import { explain } from "../../../graph/explain/explain";
import type { Manifest } from "../../../graph/manifest";
import { buildMesh } from "../../../graph/mesh/mesh";
import { applicationsOf } from "../../../graph/reach/applications";

const NAMESPACE = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", labels: { "istio-injection": "enabled" } },
};
const DEPLOYMENT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "orders", namespace: "shop" },
  spec: { template: { metadata: { labels: { app: "orders" } }, spec: { containers: [{ name: "app" }] } } },
};

interface Live {
  name?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: { kind: string; name: string };
  containers?: object[];
  ip?: string;
}

function pod({ name = "orders-5d4-x", labels, annotations, owner, containers, ip = "10.0.0.1" }: Live = {}): Manifest {
  const written = { "pod-template-hash": "5d4", "security.istio.io/tlsMode": "istio" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      labels: { app: "orders", ...written, ...labels },
      annotations: { "sidecar.istio.io/status": "{}", ...annotations },
      ownerReferences: [{ controller: true, ...(owner ?? { kind: "ReplicaSet", name: "orders-5d4" }) }],
    } as Manifest["metadata"],
    spec: { nodeName: "n", containers: containers ?? [{ name: "istio-proxy" }, { name: "app" }] },
    status: { podIP: ip },
  };
}

function meshOf(...manifests: Manifest[]) {
  return buildMesh([NAMESPACE, ...manifests].map((manifest) => ({ manifest, source: "live" })));
}

function names(...manifests: Manifest[]): string[] {
  return meshOf(...manifests)
    .pods.map(({ name }) => name)
    .sort();
}

describe("live Pods", () => {
  it("are one with the Deployment that made them, in any order, and lend it their addresses", () => {
    for (const objects of [
      [DEPLOYMENT, pod(), pod({ name: "orders-5d4-y", ip: "10.0.0.2" })],
      [pod(), pod({ name: "orders-5d4-y", ip: "10.0.0.2" }), DEPLOYMENT],
    ]) {
      const mesh = meshOf(...objects);
      assert.deepEqual(
        mesh.pods.map(({ name }) => name),
        ["orders"],
      );
      assert.equal(mesh.podAt("10.0.0.2")?.name, "orders");
      assert.equal(mesh.podNamed("shop", "orders-5d4-x")?.asWorkload().ip, "10.0.0.1");
      assert.deepEqual(
        applicationsOf(mesh).map(({ id }) => id),
        ["shop/orders", "shop/*"],
      );
    }
  });

  it("are found behind a CronJob, whose Jobs nobody reads", () => {
    const template = { metadata: { labels: { app: "orders" } }, spec: { containers: [{ name: "app" }] } };
    const cron = { ...DEPLOYMENT, kind: "CronJob", spec: { jobTemplate: { spec: { template } } } };
    const labels = { "job-name": "orders-29000", "batch.kubernetes.io/job-name": "orders-29000" };
    assert.deepEqual(names(cron, pod({ owner: { kind: "Job", name: "orders-29000" }, labels })), ["orders"]);
  });

  it("are somebody of their own without their maker", () => {
    assert.deepEqual(names(pod({ owner: { kind: "Strange", name: "s" } })), ["orders-5d4-x"]);
  });

  it("count on their own when relabelled, excluded from capture, or of another identity", () => {
    const relabelled = pod({ labels: { app: "other" } });
    const excluded = pod({ annotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "443" } });
    const other = { ...pod(), spec: { nodeName: "n", serviceAccountName: "x", containers: [{ name: "istio-proxy" }] } };
    for (const stray of [relabelled, excluded, other])
      assert.deepEqual(names(DEPLOYMENT, stray), ["orders", "orders-5d4-x"]);
  });

  it("are as their template with the annotations that the injection writes", () => {
    const annotations = {
      "sidecar.istio.io/interceptionMode": "REDIRECT",
      "traffic.sidecar.istio.io/includeOutboundIPRanges": "*",
    };
    assert.deepEqual(names(DEPLOYMENT, pod({ annotations })), ["orders"]);
  });

  it("count on their own without the sidecar that their namespace promises, and call past it", () => {
    const mesh = meshOf(DEPLOYMENT, pod({ containers: [{ name: "app" }] }));
    const owner = mesh.podNamed("shop", "orders");
    const stray = mesh.podNamed("shop", "orders-5d4-x");
    assert.deepEqual(owner?.strays, [stray]);
    const ask = (of = stray) => {
      assert.ok(of);
      return explain(mesh, { workload: of.asWorkload(), host: "x.com", port: 443, protocol: "tls" });
    };
    assert.equal(ask().how, "not-captured");
    assert.notEqual(ask(owner).how, "not-captured");
  });

  it("do not run as the proxy when it stands before the application", () => {
    const proxy = { name: "istio-proxy", securityContext: { runAsUser: 1337 } };
    assert.deepEqual(names(DEPLOYMENT, pod({ containers: [proxy, { name: "app" }] })), ["orders"]);
  });
});
