import assert from "node:assert/strict";
import fc from "fast-check";
import { type EgressConfig, type Manifest, manifests, PortProtocol, withDefaults } from "../../../graph";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { demoConfig } from "../../support/demo";

interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: { matchLabels: Record<string, string> };
  podSelector?: { matchLabels?: Record<string, string> };
}
interface Rule {
  to?: Peer[];
  from?: Peer[];
  ports?: { protocol: string; port: number }[];
}
interface Spec {
  podSelector: object;
  policyTypes: string[];
  egress?: Rule[];
  ingress?: Rule[];
}

function policy(config: EgressConfig, namespace: string, name: string): Spec {
  const found = manifests(withDefaults(config)).find(
    ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.namespace === namespace && metadata.name === name,
  );
  return (found?.spec ?? assert.fail(`no policy ${namespace}/${name}`)) as Spec;
}

const policies = (objects: Manifest[]) => objects.filter(({ kind }) => kind === "NetworkPolicy");
const blocks = (spec: Spec) => (spec.egress ?? []).flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
const outside = (spec: Spec) => (spec.egress ?? []).filter(({ to = [] }) => to.some(({ ipBlock }) => ipBlock));

describe("objects: network policies", () => {
  it("let no pod but gateways outside, and everyone in every namespace be limited", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        const made = policies(manifests(intent));
        if (!intent.guards.networkPolicy) return assert.deepEqual(made, []);
        for (const { metadata, spec } of made)
          if (metadata.namespace !== intent.gatewayNamespace) assert.deepEqual(blocks(spec as Spec), []);
        for (const namespace of [...intent.applicationNamespaces, intent.gatewayNamespace, intent.routesNamespace]) {
          const all = policy(config, namespace, "deny-by-default");
          assert.deepEqual(all.podSelector, {});
          assert.ok(all.policyTypes.includes("Egress"));
        }
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it("name container ports, which are not the Service's", () => {
    const ports = policy(demoConfig(), "test-app", "app-a").egress?.flatMap(({ ports: each = [] }) =>
      each.map(({ port }) => port),
    );
    assert.deepEqual(ports, [8080, 8443]);
    const [callers] = policy(demoConfig(), "external", "egress-github").ingress ?? [];
    assert.deepEqual(
      callers?.ports?.map(({ port }) => port),
      [8080, 8443],
    );
    assert.deepEqual(callers?.from, [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "test-app" } },
        podSelector: { matchLabels: { app: "app-a" } },
      },
    ]);
  });

  it("give an application exactly its gateways, and a shared gateway's application its own ports only", () => {
    const config: EgressConfig = {
      destinations: {
        web: { hosts: ["a.example"], ports: [{ number: 443 }], gateway: "shared" },
        mail: { hosts: ["b.example"], ports: [{ number: 587, protocol: PortProtocol.TLS }], gateway: "shared" },
        other: { hosts: ["c.example"] },
      },
      applications: [
        { namespace: "shop", name: "cart", allow: ["web"] },
        { namespace: "shop", name: "post", allow: ["mail"] },
      ],
    };
    const [rule, ...more] = policy(config, "shop", "cart").egress ?? [];
    assert.deepEqual(more, []);
    assert.deepEqual(
      rule?.to?.map(({ podSelector }) => podSelector?.matchLabels?.app),
      ["egress-shared"],
    );
    assert.deepEqual(
      rule?.ports?.map(({ port }) => port),
      [8443],
    );
    assert.deepEqual(
      policy(config, "external", "egress-shared").ingress?.map(({ from, ports }) => [
        from?.map(({ podSelector }) => podSelector?.matchLabels?.app),
        ports?.map(({ port }) => port),
      ]),
      [
        [["cart"], [8443]],
        [["post"], [20587]],
      ],
    );
    assert.deepEqual(
      outside(policy(config, "external", "egress-other")),
      [],
      "a gateway that nobody may use goes nowhere",
    );
  });

  it("let gateways out to everything but the cluster, at the outside servers' ports", () => {
    const config: EgressConfig = {
      ...demoConfig(),
      destinations: {
        ...demoConfig().destinations,
        github: {
          hosts: ["github.com"],
          ports: [
            { number: 80, protocol: PortProtocol.HTTP, originateTls: { port: 8443 } },
            { number: 22, protocol: PortProtocol.TLS },
          ],
        },
      },
      guards: { clusterRanges: ["198.18.0.0/16"] },
    };
    const [rule, ...more] = outside(policy(config, "external", "egress-github"));
    assert.deepEqual(more, []);
    assert.deepEqual(
      rule?.ports?.map(({ port }) => port),
      [22, 8443],
    );
    assert.deepEqual(rule?.to?.[0], { ipBlock: { cidr: "0.0.0.0/0", except: ["198.18.0.0/16"] } });
    assert.equal(rule?.to?.[1]?.ipBlock?.cidr, "::/0");
    assert.ok(rule?.to?.[1]?.ipBlock?.except?.includes("fc00::/7"), "a family that is not named stays closed inside");
  });

  it("let a gateway out to its ranges alone, where these are given", () => {
    const config = { ...demoConfig(), gateways: { github: { egressRanges: ["203.0.113.0/24", "2001:db8::/32"] } } };
    assert.deepEqual(blocks(policy(config, "external", "egress-github")), [
      { cidr: "203.0.113.0/24" },
      { cidr: "2001:db8::/32" },
    ]);
  });

  it("take DNS from the pods, but not from the gateways", () => {
    const asks = (spec: Spec) => (spec.egress ?? []).some(({ ports = [] }) => ports.some(({ port }) => port === 53));
    const config: EgressConfig = { ...demoConfig(), guards: { clusterDns: false } };
    assert.equal(asks(policy(demoConfig(), "test-app", "deny-by-default")), true);
    assert.equal(asks(policy(config, "test-app", "deny-by-default")), false);
    assert.equal(asks(policy(config, "external", "egress-github")), true);
  });

  it("open metrics of gateways to monitoring, and peers of the mesh by their namespace, but never all gateways", () => {
    const config: EgressConfig = {
      ...demoConfig(),
      guards: { monitoringNamespaces: ["metrics"] },
      meshHosts: ["shop/orders.shop.svc.cluster.local", "external/egress-google.external.svc.cluster.local"],
    };
    const ingress = policy(config, "external", "egress-github").ingress ?? [];
    assert.deepEqual(
      ingress.at(-1)?.ports?.map(({ port }) => port),
      [15020, 15090],
    );
    const peers = (policy(config, "test-app", "deny-by-default").egress ?? []).at(-1)?.to;
    assert.deepEqual(peers, [
      { podSelector: {} },
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } },
    ]);
  });
});

describe("objects: without the cluster's DNS", () => {
  const config: EgressConfig = {
    ...demoConfig(),
    guards: { clusterDns: false },
    istio: { discoveryIp: "198.18.128.15" },
    gateways: Object.fromEntries(
      Object.keys(demoConfig().destinations).map((name, n) => [name, { clusterIp: `198.18.129.${n + 1}` }]),
    ),
  };
  const all = manifests(withDefaults(config));

  it("leads the hosts to the gateway's address, and gives its Service that address", () => {
    const entry = all.find(({ kind, metadata }) => kind === "ServiceEntry" && metadata.namespace === "external-routes");
    assert.ok(entry);
    const { resolution, endpoints } = entry.spec as { resolution: string; endpoints: { address: string }[] };
    const { name } = entry.metadata;
    const address = config.gateways?.[name]?.clusterIp;
    assert.deepEqual([resolution, endpoints[0]?.address], ["STATIC", address]);
    const release = all.find(({ kind, metadata }) => kind === "Release" && metadata.name === `egress-${name}`);
    assert.ok(release);
    assert.equal((release.spec as { values: { service: { clusterIP: string } } }).values.service.clusterIP, address);
  });

  it("writes istiod's address into the pods by an injection template of its own, beside Istio's", () => {
    const istiod = all.find(({ kind, metadata }) => kind === "Release" && metadata.name === "istiod");
    assert.ok(istiod);
    const { sidecarInjectorWebhook } = (
      istiod.spec as {
        values: { sidecarInjectorWebhook: { defaultTemplates: string[]; templates: Record<string, string> } };
      }
    ).values;
    assert.deepEqual(sidecarInjectorWebhook.defaultTemplates, ["sidecar", "controlled-egress"]);
    assert.match(
      sidecarInjectorWebhook.templates["controlled-egress"] ?? "",
      /ip: "198\.18\.128\.15"\n {4}hostnames: \["istiod\.istio-system\.svc"\]/,
    );
  });
});
