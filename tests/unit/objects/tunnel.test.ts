import assert from "node:assert/strict";
import { type Destination, type EgressConfig, type Manifest, manifests, withDefaults } from "../../../graph";
import { containerPort } from "../../../graph/objects/ports";
import { type Tunnel, tunnelsOf } from "../../../graph/objects/tunnel";

function config(destinations: Record<string, Destination>): EgressConfig {
  return { destinations, applications: [{ namespace: "shop", name: "cart", allow: Object.keys(destinations) }] };
}

function tunnels(destinations: Record<string, Destination>): Tunnel[] {
  return tunnelsOf(withDefaults(config(destinations)).destinations);
}

function portsByHost(found: readonly Tunnel[]): Map<string, number> {
  return new Map(found.map(({ host, port, loopback }) => [`${host}:${port}`, loopback]));
}

function objectsOf(destinations: Record<string, Destination>): Map<string, Manifest> {
  return new Map(
    manifests(withDefaults(config(destinations))).map((manifest) => [
      `${manifest.kind} ${manifest.metadata.namespace}/${manifest.metadata.name}`,
      manifest,
    ]),
  );
}

function specOf<T>(objects: ReadonlyMap<string, Manifest>, key: string): T {
  const object = objects.get(key);
  assert.ok(object, key);
  return object.spec as T;
}

/** Hosts enough that some meet on one port. */
const MANY: Record<string, Destination> = Object.fromEntries(
  Array.from({ length: 5 }, (_, n) => [
    `d${n}`,
    { gateway: "shared", checkInnerSni: true, hosts: Array.from({ length: 100 }, (_, h) => `h${h}.d${n}.example`) },
  ]),
);

describe("objects: loopback ports", () => {
  it("are one a host and port, below those of Istio's proxies, and no container's", () => {
    const found = tunnels(MANY);
    const ports = found.map(({ loopback }) => loopback);
    assert.equal(found.length, 500);
    assert.equal(new Set(ports).size, 500);
    for (const port of ports) assert.ok(port >= 10000 && port <= 14999, String(port));
    for (const number of [80, 443, 1, 45535, 45536, 65535]) assert.ok(!ports.includes(containerPort(number)));
  });

  it("do not depend on the order of destinations and hosts", () => {
    const reversed = Object.fromEntries(
      Object.entries(MANY)
        .reverse()
        .map(([name, destination]) => [name, { ...destination, hosts: [...(destination.hosts ?? [])].reverse() }]),
    );
    assert.deepEqual(portsByHost(tunnels(reversed)), portsByHost(tunnels(MANY)));
  });

  it("stay when other hosts come, but for the few that meet one of them", () => {
    const { d4, ...before } = MANY;
    assert.ok(d4);
    const after = portsByHost(tunnels(MANY));
    const moved = [...portsByHost(tunnels(before))].filter(([key, port]) => after.get(key) !== port);
    assert.ok(moved.length <= 10, `${moved.length} of 400 moved`);
  });

  it("leave out the numbers of the gateway's Service, which Istio would translate", () => {
    const one = { checkInnerSni: true, hosts: ["a.example"], ports: [{ number: 443 }], gateway: "shared" };
    const [first] = tunnels({ one });
    assert.ok(first);
    const [other] = tunnels({
      one,
      two: { hosts: ["b.example"], ports: [{ number: first.loopback, protocol: "HTTP" as never }], gateway: "shared" },
    });
    assert.notEqual(other?.loopback, first.loopback);
  });
});

describe("objects: a destination whose inner SNI is checked", () => {
  const objects = objectsOf({ github: { hosts: ["github.com"], checkInnerSni: true } });
  const port = tunnels({ github: { hosts: ["github.com"], checkInnerSni: true } })[0]?.loopback;

  it("leads a connection to the loopback, and from there only the host's own SNI on", () => {
    const spec = specOf<Record<string, unknown>>(objects, "VirtualService external/github.com");
    assert.deepEqual(spec.tcp, [
      {
        match: [{ port: 443 }],
        route: [{ destination: { host: "lo.github.com.internal", port: { number: port } } }],
      },
    ]);
    assert.deepEqual(spec.tls, [
      {
        match: [{ port, sniHosts: ["github.com"] }],
        route: [{ destination: { host: "github.com", port: { number: 443 } } }],
      },
    ]);
  });

  it("has a loopback listener and the name that leads there, and no door in the Service", () => {
    const { servers } = specOf<{ servers: unknown[] }>(objects, "Gateway external/egress-github");
    assert.deepEqual(servers.at(-1), {
      port: { number: port, name: "inner-443-github.com", protocol: "TLS" },
      bind: "127.0.0.1",
      hosts: ["./github.com"],
      tls: { mode: "PASSTHROUGH" },
    });
    assert.deepEqual(objects.get("ServiceEntry external/lo.github.com")?.spec, {
      hosts: ["lo.github.com.internal"],
      location: "MESH_EXTERNAL",
      resolution: "STATIC",
      exportTo: ["."],
      ports: [{ number: port, name: `tcp-${port}`, protocol: "TCP" }],
      endpoints: [{ address: "127.0.0.1" }],
    });
    assert.ok(!JSON.stringify(objects.get("Release external/egress-github")).includes(String(port)));
  });

  it("lets the policy pass the second hop from the loopback alone", () => {
    const { rules } = specOf<{ rules: unknown[] }>(objects, "AuthorizationPolicy external/egress-github");
    assert.deepEqual(rules.at(-1), {
      from: [{ source: { ipBlocks: ["127.0.0.1/32"] } }],
      to: [{ operation: { ports: [String(port)] } }],
    });
  });

  it("needs no EnvoyFilter", () => {
    assert.ok(![...objects.keys()].some((key) => key.startsWith("EnvoyFilter ")));
  });
});

describe("objects: a wildcard", () => {
  const objects = objectsOf({ wild: { hosts: ["*.example.org", "example.org"], wildcardTls: true } });
  const [tunnel] = tunnels({ wild: { hosts: ["*.example.org"], wildcardTls: true } });

  it("has both sides apart from exact hosts, with one name of it as SNI", () => {
    assert.deepEqual(specOf<{ hosts: string[] }>(objects, "ServiceEntry external/wild").hosts, ["example.org"]);
    const outer = specOf<Record<string, unknown>>(objects, "ServiceEntry external/any.example.org");
    assert.deepEqual([outer.hosts, outer.resolution], [["*.example.org"], "DYNAMIC_DNS"]);
    const routes = specOf<Record<string, unknown>>(objects, "ServiceEntry external-routes/any.example.org");
    assert.deepEqual([routes.hosts, routes.resolution], [["*.example.org"], "DNS"]);
    const rule = specOf<Record<string, unknown>>(objects, "DestinationRule external-routes/any.example.org");
    assert.equal(rule.host, "*.example.org");
    assert.equal((rule.trafficPolicy as { tls: { sni: string } }).tls.sni, "any.example.org");
  });

  it("admits the Host header with the port that is allowed, and no other", () => {
    const hosts = (number: number) => {
      const ports = [{ number, protocol: "HTTP" as never }];
      const { rules } = specOf<{ rules: { to: { operation: { hosts: string[] } }[] }[] }>(
        objectsOf({ wild: { hosts: ["*.example.org"], ports } }),
        "AuthorizationPolicy external/egress-wild",
      );
      return rules[0]?.to[0]?.operation.hosts;
    };
    assert.deepEqual(hosts(80), ["*.example.org", "*.example.org:80"]);
    assert.deepEqual(hosts(8080), ["*.example.org:8080"]);
  });

  it("has the one EnvoyFilter, for the gateway's pods and the loopback listener alone", () => {
    const filters = [...objects].filter(([key]) => key.startsWith("EnvoyFilter "));
    assert.deepEqual(
      filters.map(([key]) => key),
      ["EnvoyFilter external/any.example.org-443"],
    );
    assert.deepEqual(filters[0]?.[1].spec, {
      workloadSelector: { labels: { app: "egress-wild", istio: "egress-wild" } },
      configPatches: [
        {
          applyTo: "NETWORK_FILTER",
          match: {
            context: "GATEWAY",
            listener: {
              portNumber: tunnel?.loopback,
              filterChain: { filter: { name: "envoy.filters.network.tcp_proxy" } },
            },
          },
          patch: {
            operation: "INSERT_BEFORE",
            value: {
              name: "envoy.filters.network.sni_dynamic_forward_proxy",
              typed_config: {
                "@type":
                  "type.googleapis.com/envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig",
                port_value: 443,
                dns_cache_config: { name: "*.example.org_dfp_dns_cache", dns_lookup_family: "V4_ONLY" },
              },
            },
          },
        },
      ],
    });
  });
});
