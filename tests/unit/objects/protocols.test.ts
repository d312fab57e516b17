import assert from "node:assert/strict";
import { type EgressConfig, type Manifest, manifests, type Port, PortProtocol, withDefaults } from "../../../graph";

const { HTTP, HTTP2, GRPC, TLS, TCP } = PortProtocol;

/** The specs of the objects that serve the destinations, by `Kind namespace/name`. */
function specs(destinations: EgressConfig["destinations"], rest: Partial<EgressConfig> = {}): Map<string, unknown> {
  const applications = [{ namespace: "shop", name: "cart", allow: Object.keys(destinations) }];
  const made = manifests(withDefaults({ destinations, applications, ...rest }));
  return new Map(made.map((manifest): [string, unknown] => [key(manifest), manifest.spec]));
}

function key({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function originating(originateTls: Port["originateTls"], protocol = HTTP): unknown {
  const made = specs({ partner: { hosts: ["api.example"], ports: [{ number: 80, protocol, originateTls }] } });
  return (made.get("DestinationRule external/api.example") as { trafficPolicy: { portLevelSettings: unknown[] } })
    .trafficPolicy.portLevelSettings[0];
}

describe("objects: TCP hosts and ranges", () => {
  const database = {
    hosts: ["a.example", "b.example"],
    addresses: { "a.example": ["198.51.100.7", "2001:db8::7"], "b.example": ["198.51.100.8"] },
    ports: [{ number: 5432, protocol: TCP }, { number: 443 }],
  };

  it("give each host with addresses a ServiceEntry of its own on both sides, and the gateway's needs none", () => {
    const made = specs({ database });
    assert.deepEqual(made.get("ServiceEntry external-routes/a.example"), {
      hosts: ["a.example"],
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      ports: [
        { number: 5432, name: "tcp-5432", protocol: "TCP" },
        { number: 443, name: "tls-443", protocol: "TLS" },
      ],
      exportTo: ["shop"],
      addresses: ["198.51.100.7", "2001:db8::7"],
      endpoints: [
        { address: "egress-database.external.svc.cluster.local", ports: { "tcp-5432": 5432, "tls-443": 443 } },
      ],
    });
    assert.deepEqual(made.get("ServiceEntry external/a.example"), {
      hosts: ["a.example"],
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      ports: [
        { number: 5432, name: "tcp-5432", protocol: "TCP" },
        { number: 443, name: "tls-443", protocol: "TLS" },
      ],
      exportTo: ["."],
    });
    assert.deepEqual(
      [...made.keys()].filter((name) => /^ServiceEntry .*\/(b.example|database)$/.test(name)),
      ["ServiceEntry external/b.example", "ServiceEntry external-routes/b.example"],
    );
  });

  it("pass TCP on by the server name of the sidecar's mutual TLS, as TLS", () => {
    const made = specs({ database });
    const { servers } = made.get("Gateway external/egress-database") as {
      servers: { port: object; hosts: string[] }[];
    };
    assert.deepEqual(servers[0]?.port, { number: 5432, name: "tcp-5432-a.example", protocol: "TLS" });
    assert.deepEqual(made.get("VirtualService external/a.example"), {
      hosts: ["a.example"],
      gateways: ["external/egress-database"],
      exportTo: ["."],
      tcp: [5432, 443].map((number) => ({
        match: [{ port: number }],
        route: [{ destination: { host: "a.example", port: { number } } }],
      })),
    });
  });

  it("let hosts without addresses share a ServiceEntry beside those that have some", () => {
    const made = specs({
      web: { hosts: ["a.example", "b.example", "c.example"], addresses: { "b.example": ["198.51.100.8"] } },
    });
    const hosts = (name: string) => (made.get(name) as { hosts: string[] }).hosts;
    assert.deepEqual(hosts("ServiceEntry external-routes/web"), ["a.example", "c.example"]);
    assert.deepEqual(hosts("ServiceEntry external-routes/b.example"), ["b.example"]);
  });

  for (const [cidr, first, name] of [
    ["198.19.0.64/31", "198.19.0.64", "198-19-0-64"],
    ["2001:db8::/127", "2001:db8::", "2001-db8-0-0-0-0-0-0"],
  ] as const)
    it(`make a host of each address of ${cidr}, which leads to that address alone`, () => {
      const made = specs({ lan: { cidrs: [cidr], ports: [{ number: 22, protocol: TCP }] } });
      const host = `${name}.lan.cidr.internal`;
      const routes = made.get(`ServiceEntry external-routes/${host}`) as { hosts: string[]; addresses: string[] };
      assert.deepEqual([routes.hosts, routes.addresses], [[host], [first]]);
      const outside = made.get(`ServiceEntry external/${host}`) as { resolution: string; endpoints: object[] };
      assert.deepEqual([outside.resolution, outside.endpoints], ["STATIC", [{ address: first }]]);
      const entries = [...made.keys()].filter((each) => each.startsWith("ServiceEntry external-routes/"));
      assert.equal(entries.length, 2);
    });

  it("need no addresses where sidecars answer DNS, and then the proxies are told so", () => {
    const made = specs(
      { db: { hosts: ["a.example"], ports: [{ number: 5432, protocol: TCP }] } },
      { istio: { dnsCapture: true } },
    );
    const entry = made.get("ServiceEntry external-routes/a.example") as { addresses?: string[] };
    assert.equal(entry.addresses, undefined);
    const { values } = made.get("Release istio-system/istiod") as {
      values: { meshConfig: { defaultConfig: { proxyMetadata: object } } };
    };
    assert.deepEqual(values.meshConfig.defaultConfig.proxyMetadata, {
      ISTIO_DUAL_STACK: "true",
      ISTIO_META_DNS_CAPTURE: "true",
    });
  });
});

describe("objects: HTTP/2, gRPC and shared gateways", () => {
  it("keep the protocol on both sides, and the gateway ends mutual TLS before it", () => {
    const made = specs({ rpc: { hosts: ["rpc.example"], ports: [{ number: 40051, protocol: GRPC }] } });
    for (const side of ["external", "external-routes"])
      assert.deepEqual((made.get(`ServiceEntry ${side}/rpc`) as { ports: object[] }).ports, [
        { number: 40051, name: "grpc-40051", protocol: "GRPC" },
      ]);
    const { servers } = made.get("Gateway external/egress-rpc") as { servers: { port: { protocol: string } }[] };
    assert.equal(servers[0]?.port.protocol, "HTTPS");
  });

  it("name a shared port of a gateway's Service by the same protocol, whichever destination comes first", () => {
    const names = (first: PortProtocol, second: PortProtocol): unknown => {
      const made = specs({
        a: { hosts: ["a.example"], gateway: "shared", ports: [{ number: 8000, protocol: first }] },
        b: { hosts: ["b.example"], gateway: "shared", ports: [{ number: 8000, protocol: second }] },
      });
      const { values } = made.get("Release external/egress-shared") as {
        values: { service: { ports: { name: string }[] } };
      };
      return values.service.ports.map(({ name }) => name);
    };
    assert.deepEqual(names(HTTP2, GRPC), ["status-port", "grpc-8000"]);
    assert.deepEqual(names(GRPC, HTTP2), names(HTTP2, GRPC));
    assert.deepEqual(names(TLS, TCP), ["status-port", "tcp-8000"]);
  });
});

describe("objects: TLS origination", () => {
  it("checks authority, SNI and names with nothing said, by the CAs of the proxy's image", () => {
    assert.deepEqual(originating({}), {
      port: { number: 80 },
      tls: { mode: "SIMPLE", caCertificates: "system", sni: "api.example", subjectAltNames: ["api.example"] },
    });
  });

  it("presents the certificate of a Secret, asks for another name, and speaks HTTP/2", () => {
    assert.deepEqual(
      originating({ secret: "client", mutual: true, sni: "s.example", subjectAltNames: ["n.example"], http2: true }),
      {
        port: { number: 80 },
        connectionPool: { http: { h2UpgradePolicy: "UPGRADE" } },
        tls: { mode: "MUTUAL", credentialName: "client", sni: "s.example", subjectAltNames: ["n.example"] },
      },
    );
  });

  it("speaks HTTP/2 where the application does, and demands the name that it asks for", () => {
    for (const protocol of [HTTP2, GRPC])
      assert.deepEqual(originating({ sni: "s.example" }, protocol), {
        port: { number: 80 },
        connectionPool: { http: { h2UpgradePolicy: "UPGRADE" } },
        tls: { mode: "SIMPLE", caCertificates: "system", sni: "s.example", subjectAltNames: ["s.example"] },
      });
  });

  it("leads the application's port to the server's, at the gateway's side alone", () => {
    const made = specs({ partner: { hosts: ["api.example"], ports: [{ number: 80, originateTls: { port: 8443 } }] } });
    const ports = (name: string) => (made.get(name) as { ports: object[] }).ports;
    const port = { number: 80, name: "http-80", protocol: "HTTP" };
    assert.deepEqual(ports("ServiceEntry external/partner"), [{ ...port, targetPort: 8443 }]);
    assert.deepEqual(ports("ServiceEntry external-routes/partner"), [port]);
  });

  it("is there before the route that needs it", () => {
    const keys = [...specs({ partner: { hosts: ["api.example"], ports: [{ number: 80, originateTls: {} }] } }).keys()];
    const place = (name: string) => keys.indexOf(name);
    assert.ok(place("DestinationRule external/api.example") < place("VirtualService external/api.example"));
  });

  it("leaves SNI and names of a wildcard to each request, and says plaintext for hosts below it", () => {
    const made = specs({
      any: { hosts: ["*.w.example"], ports: [{ number: 80, originateTls: { secret: "ca" } }] },
      one: { hosts: ["a.w.example", "w.example"] },
    });
    assert.deepEqual(made.get("DestinationRule external/any.w.example"), {
      host: "*.w.example",
      exportTo: ["."],
      trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: "SIMPLE", credentialName: "ca" } }] },
    });
    assert.deepEqual(made.get("DestinationRule external/a.w.example"), {
      host: "a.w.example",
      exportTo: ["."],
      trafficPolicy: { tls: { mode: "DISABLE" } },
    });
    assert.equal(made.get("DestinationRule external/w.example"), undefined);
  });
});
