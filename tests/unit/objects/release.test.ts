import assert from "node:assert/strict";
import { type EgressConfig, manifests, type Release, withDefaults } from "../../../graph";
import { demoConfig } from "../../support/demo";

function release(config: EgressConfig, name: string): Release {
  const found = manifests(withDefaults(config)).find(
    ({ kind, metadata }) => kind === "Release" && metadata.name === name,
  );
  assert.ok(found, `no release ${name}`);
  return found as Release;
}

function demo(istio: EgressConfig["istio"]): EgressConfig {
  return { ...demoConfig(), istio };
}

describe("objects: Helm releases", () => {
  it("come from Istio's official repository in a pinned version", () => {
    const { spec } = release(demo({}), "istiod");
    assert.match(spec.repository ?? "", /^https:/);
    assert.match(spec.version ?? "", /^1\.31\.\d+$/);
    assert.equal(spec.chart, "istiod");
  });

  it("come from a folder, without repository and version", () => {
    const { spec } = release(demo({ charts: { gateway: "./charts/gateway" } }), "egress-github");
    assert.deepEqual([spec.chart, spec.repository, spec.version], ["./charts/gateway", undefined, undefined]);
  });

  it("come from an OCI repository", () => {
    const { spec } = release(demo({ repository: "oci://mirror.example/charts", version: "1.31.1" }), "istio-base");
    assert.deepEqual(
      [spec.chart, spec.repository, spec.version],
      ["oci://mirror.example/charts/base", undefined, "1.31.1"],
    );
  });

  it("lay the user's values over ours, maps merged and lists replaced", () => {
    const { spec } = release(
      demo({ values: { gateway: { service: { annotations: { a: "b" } }, podAnnotations: { c: "d" } } } }),
      "egress-github",
    );
    const { service, podAnnotations } = spec.values as {
      service: Record<string, unknown>;
      podAnnotations: Record<string, string>;
    };
    assert.equal(service.type, "ClusterIP");
    assert.deepEqual(service.annotations, { a: "b" });
    assert.equal(podAnnotations.c, "d");
    assert.match(podAnnotations["proxy.istio.io/config"] ?? "", /SANITIZE/);
  });

  it("serve 80 and 443 from unprivileged ports, and other ports 20000 above, or 30000 below", () => {
    const config: EgressConfig = {
      destinations: {
        db: {
          hosts: ["db.example"],
          ports: [
            { number: 80 },
            { number: 443 },
            { number: 5433, protocol: "TLS" as never },
            { number: 50051, protocol: "GRPC" as never },
          ],
        },
      },
      applications: [{ namespace: "shop", name: "cart", allow: ["db"] }],
    };
    const { ports } = (
      release(config, "egress-db").spec.values as { service: { ports: { port: number; targetPort: number }[] } }
    ).service;
    assert.deepEqual(
      ports.map(({ port, targetPort }) => [port, targetPort]),
      [
        [15021, 15021],
        [80, 8080],
        [443, 8443],
        [5433, 25433],
        [50051, 20051],
      ],
    );
  });

  it("are those of the gateways alone when Istio is there already", () => {
    const names = manifests(withDefaults(demo({ install: false })))
      .filter(({ kind }) => kind === "Release")
      .map(({ metadata }) => metadata.name);
    assert.deepEqual(names, ["egress-github", "egress-google", "egress-httpbin"]);
  });

  it("follow a revision, in istiod, gateways and namespace labels", () => {
    const config = demo({ revision: "canary" });
    assert.equal((release(config, "istiod-canary").spec.values as { revision: string }).revision, "canary");
    assert.equal((release(config, "egress-github").spec.values as { revision: string }).revision, "canary");
    const namespace = manifests(withDefaults(config)).find(
      ({ kind, metadata }) => kind === "Namespace" && metadata.name === "test-app",
    );
    assert.equal(namespace?.metadata.labels?.["istio.io/rev"], "canary");
    assert.equal(namespace?.metadata.labels?.["istio-injection"], undefined);
  });

  it("log the caller's principal, SNI, authority, cluster and flags as JSON, and deny unknown hosts mesh-wide", () => {
    const { meshConfig } = release(demo({}), "istiod").spec.values as { meshConfig: Record<string, string> };
    assert.deepEqual(meshConfig.outboundTrafficPolicy, { mode: "REGISTRY_ONLY" });
    assert.equal(meshConfig.accessLogEncoding, "JSON");
    const fields = Object.keys(JSON.parse(meshConfig.accessLogFormat ?? "{}"));
    for (const field of ["principal", "requested_server_name", "authority", "upstream_cluster", "response_flags"])
      assert.ok(fields.includes(field), field);
  });
});
