import assert from "node:assert/strict";
import fc from "fast-check";
import { dump } from "js-yaml";
import {
  type DestinationIntent,
  type EgressConfig,
  type Manifest,
  manifests,
  type Planned,
  plan,
  withDefaults,
} from "../../../graph";
import { isWildcard } from "../../../graph/mesh/hosts";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { demoConfig } from "../../support/demo";
import { assertGolden } from "../../support/golden";

const RUNS = { seed: 11, numRuns: 200 };

function planOf(config: EgressConfig): Planned[] {
  return plan(withDefaults(config));
}

function specOf<T = Record<string, unknown>>(manifest: Manifest): T {
  return manifest.spec as T;
}

function ofKind(objects: readonly Planned[], kind: string): Manifest[] {
  return objects.map(({ manifest }) => manifest).filter((manifest) => manifest.kind === kind);
}

describe("objects: the plan", () => {
  it("makes the demo's objects as people read them in tests/golden/demo.yaml", () => {
    assertGolden(
      "demo.yaml",
      manifests(withDefaults(demoConfig()))
        .map((manifest) => dump(manifest, { lineWidth: 120, noRefs: true }))
        .join("---\n"),
    );
  });

  it("lists each object once and after all that it waits for", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const seen = new Set<string>();
        for (const { key, after } of planOf(config)) {
          assert.ok(!seen.has(key), `${key} twice`);
          for (const dependency of after) assert.ok(seen.has(dependency), `${key} before ${dependency}`);
          seen.add(key);
        }
      }),
      RUNS,
    );
  });

  it("waits with every object of Istio's kinds for istiod, and with every route for its gateway", () => {
    const objects = planOf(demoConfig());
    const after = new Map(objects.map(({ key, after }) => [key, after]));
    const reaches = (key: string, goal: string): boolean =>
      key === goal || (after.get(key) ?? []).some((next) => reaches(next, goal));
    for (const { key, manifest } of objects) {
      if (manifest.apiVersion.startsWith("networking.istio.io/") || /Release external/.test(key))
        assert.ok(reaches(key, "Release istio-system/istiod"), `${key} does not wait for istiod`);
      if (manifest.metadata.namespace === "external-routes") {
        const destination = manifest.metadata.labels?.["controlled-egress/destination"];
        assert.ok(
          reaches(key, `Release external/egress-${destination}`),
          `${key} does not wait for its gateway's pods`,
        );
        assert.ok(
          reaches(key, `Gateway external/egress-${destination}`),
          `${key} does not wait for its gateway's servers`,
        );
      }
    }
    assert.ok(reaches("Release istio-system/istiod", "Release istio-system/istio-base"));
  });

  it("costs at most two objects a destination, five a host and three a gateway, beside a few an application and namespace", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        const entries = intent.destinations.reduce((sum, destination) => sum + entryCount(destination), 0);
        const routed = intent.destinations.flatMap(({ hosts, ports }) =>
          hosts.map(() => (ports.some(({ originateTls }) => originateTls) ? 3 : 2)),
        );
        const limit =
          7 +
          2 * entries +
          routed.reduce((sum, count) => sum + count, 0) +
          tunnelled(intent.destinations) +
          3 * intent.gateways.length +
          2 * intent.applications.length +
          2 * intent.applicationNamespaces.length;
        assert.ok(planOf(config).length <= limit);
      }),
      RUNS,
    );
  });

  it("does not depend on the order of the configuration's lists and maps", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const reversed: EgressConfig = {
          ...config,
          applications: config.applications
            .map((application) => ({ ...application, allow: [...application.allow].reverse() }))
            .reverse(),
          destinations: Object.fromEntries(Object.entries(config.destinations).reverse()),
        };
        assert.deepEqual(planOf(reversed), planOf(config));
      }),
      RUNS,
    );
  });

  it("changes no other destination's objects when one is added", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const before = planOf(config);
        const added: EgressConfig = {
          ...config,
          destinations: { ...config.destinations, added: { hosts: ["added.example"] } },
        };
        const after = new Map(planOf(added).map(({ key, manifest }) => [key, manifest]));
        for (const { key, manifest } of before) assert.deepEqual(after.get(key), manifest);
        assert.equal(after.size - before.length, 5, "release, two ServiceEntries, VirtualService, DestinationRule");
      }),
      RUNS,
    );
  });
});

describe("objects: what fails closed", () => {
  it("exports the applications' side to the allowed applications' namespaces alone, never to everybody", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        for (const destination of intent.destinations) {
          const allowed = [...new Set(destination.allowedTo.map(({ namespace }) => namespace))].sort();
          const sides = manifests(intent).filter(
            ({ kind, metadata }) =>
              metadata.namespace === intent.routesNamespace &&
              metadata.labels?.["controlled-egress/destination"] === destination.name &&
              (kind === "ServiceEntry" || kind === "DestinationRule"),
          );
          assert.equal(sides.length, entryCount(destination) + destination.hosts.length);
          for (const side of sides) assert.deepEqual(specOf(side).exportTo, allowed.length > 0 ? allowed : ["."]);
        }
      }),
      RUNS,
    );
  });

  it("admits at each server of a gateway exactly the identities of the host's applications, and never all", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        const admitted = new Map<string, string[]>();
        for (const gateway of ofKind(planOf(config), "Gateway")) {
          for (const server of specOf<{ servers: Server[] }>(gateway).servers) {
            if (server.bind === "127.0.0.1") continue;
            assert.equal(server.tls.mode, "ISTIO_MUTUAL");
            assert.ok(server.tls.subjectAltNames.length > 0, "an empty list would admit everybody");
            assert.equal(server.hosts.length, 1, "one host a server, since the inner SNI is not seen");
            admitted.set(`${server.hosts[0]}:${server.port.number}`, server.tls.subjectAltNames);
          }
        }
        for (const destination of intent.destinations)
          for (const { name: host } of destination.hosts)
            for (const { number } of destination.ports) {
              const wanted = destination.allowedTo.map(
                (a) => `spiffe://cluster.local/ns/${a.namespace}/sa/${a.serviceAccount}`,
              );
              assert.deepEqual(admitted.get(`./${host}:${number}`) ?? [], wanted);
            }
      }),
      RUNS,
    );
  });

  it("keeps the identities of destinations apart on a gateway that they share", () => {
    const objects = planOf({
      destinations: {
        bank: { hosts: ["api.bank.example"], gateway: "partners" },
        post: { hosts: ["api.post.example"], gateway: "partners" },
      },
      applications: [
        { namespace: "shop", name: "till", allow: ["bank"] },
        { namespace: "shop", name: "parcels", allow: ["post"] },
      ],
    });
    const [gateway, ...others] = ofKind(objects, "Gateway");
    assert.equal(gateway?.metadata.name, "egress-partners");
    assert.deepEqual(others, []);
    const admitted = specOf<{ servers: Server[] }>(gateway).servers.map(({ hosts, port, tls }) =>
      [...hosts, port.number, ...tls.subjectAltNames].join(" "),
    );
    assert.deepEqual(admitted, [
      "./api.bank.example 80 spiffe://cluster.local/ns/shop/sa/till",
      "./api.bank.example 443 spiffe://cluster.local/ns/shop/sa/till",
      "./api.post.example 80 spiffe://cluster.local/ns/shop/sa/parcels",
      "./api.post.example 443 spiffe://cluster.local/ns/shop/sa/parcels",
    ]);
  });

  it("gives every Sidecar REGISTRY_ONLY and exact hosts, or Services of one namespace, never */*", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const intent = withDefaults(config);
        const wildcards = intent.destinations.flatMap(({ hosts }) => hosts.map(({ name }) => name)).filter(isWildcard);
        for (const sidecar of ofKind(planOf(config), "Sidecar")) {
          const spec = specOf<{ outboundTrafficPolicy: { mode: string }; egress: { hosts: string[] }[] }>(sidecar);
          assert.equal(spec.outboundTrafficPolicy.mode, "REGISTRY_ONLY");
          for (const host of spec.egress.flatMap(({ hosts }) => hosts)) {
            assert.match(host, /^(\.|[a-z][-a-z0-9]*)\/[^/]+$/);
            const [side, name = ""] = host.split("/");
            if (name.includes("*"))
              assert.ok(
                side === "."
                  ? name === `*.${sidecar.metadata.namespace}.svc.cluster.local`
                  : side === intent.routesNamespace && wildcards.includes(name),
                host,
              );
          }
        }
      }),
      RUNS,
    );
  });

  it("binds no VirtualService to the mesh", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const { gatewayNamespace } = withDefaults(config);
        for (const service of ofKind(planOf(config), "VirtualService")) {
          const { gateways, exportTo } = specOf<{ gateways: string[]; exportTo: string[] }>(service);
          assert.deepEqual(
            [gateways.length, gateways[0]?.startsWith(`${gatewayNamespace}/`), exportTo],
            [1, true, ["."]],
          );
        }
      }),
      RUNS,
    );
  });
});

/** A loopback hop for each host with TLS ports that are looked into, and for wildcards a filter a port. */
function tunnelled(destinations: readonly DestinationIntent[]): number {
  return destinations
    .flatMap(({ hosts, ports, checkInnerSni }) => {
      const tls = ports.filter(({ protocol }) => protocol === "TLS").length;
      return hosts.map(({ name }) => (tls === 0 ? 0 : isWildcard(name) ? 1 + tls : Number(checkInnerSni)));
    })
    .reduce((sum, count) => sum + count, 0);
}

/** ServiceEntries of one side: one for the hosts that need no address of their own, one for each other host. */
function entryCount({ hosts, ports }: DestinationIntent): number {
  const tcp = ports.some(({ protocol }) => protocol === "TCP");
  const alone = hosts.filter(({ name, addresses }) => tcp || isWildcard(name) || addresses.length > 0).length;
  return alone + (alone < hosts.length ? 1 : 0);
}

interface Server {
  bind?: string;
  hosts: string[];
  port: { number: number };
  tls: { mode: string; subjectAltNames: string[] };
}
