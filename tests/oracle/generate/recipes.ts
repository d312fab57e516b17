import type { Manifest } from "../../../graph/manifest";
import { GATEWAY_HOST } from "./pools";

/** Good graphs to start from: random objects and losses are laid over one of them. */
export const RECIPES: Record<string, Manifest[]> = {
  none: [],
  "http over mTLS": [
    bounded(),
    entry(),
    object("VirtualService", "vs-a", {
      hosts: ["x.com"],
      gateways: ["mesh", "egress/gateway-a"],
      http: [
        { match: [{ gateways: ["mesh"], port: 80 }], route: [toGateway(443)] },
        { match: [{ gateways: ["egress/gateway-a"] }], route: [toHost("x.com", 80)] },
      ],
    }),
    server({ protocol: "HTTPS", mode: "ISTIO_MUTUAL" }),
    rule({ mode: "ISTIO_MUTUAL", sni: "x.com" }),
    policy({ to: [{ operation: { hosts: ["x.com"] } }] }),
  ],
  "double TLS": [
    bounded(),
    entry(),
    object("VirtualService", "vs-a", {
      hosts: ["x.com"],
      gateways: ["mesh", "egress/gateway-a"],
      tls: [{ match: [{ gateways: ["mesh"], port: 443, sniHosts: ["x.com"] }], route: [toGateway(443)] }],
      tcp: [{ match: [{ gateways: ["egress/gateway-a"], port: 443 }], route: [toHost("x.com", 443)] }],
    }),
    server({ protocol: "TLS", mode: "ISTIO_MUTUAL" }),
    rule({ mode: "ISTIO_MUTUAL", sni: "x.com" }),
    policy({ when: [{ key: "connection.sni", values: ["x.com"] }] }),
  ],
  passthrough: [
    bounded(),
    entry(),
    object("VirtualService", "vs-a", {
      hosts: ["x.com", "www.x.com"],
      gateways: ["mesh", "egress/gateway-a"],
      tls: [
        { match: [{ gateways: ["mesh"], port: 443, sniHosts: ["x.com"] }], route: [toGateway(443)] },
        { match: [{ gateways: ["egress/gateway-a"], port: 443, sniHosts: ["x.com"] }], route: [toHost("x.com", 443)] },
      ],
    }),
    server({ protocol: "TLS", mode: "PASSTHROUGH" }),
  ],
  "plain http": [
    bounded(),
    entry(),
    object("VirtualService", "vs-a", {
      hosts: ["x.com"],
      gateways: ["mesh", "egress/gateway-a"],
      http: [
        { match: [{ gateways: ["mesh"] }], route: [toGateway(80)] },
        { match: [{ gateways: ["egress/gateway-a"] }], route: [toHost("x.com", 443)] },
      ],
    }),
    server({ protocol: "HTTP", number: 80 }),
    object("DestinationRule", "dr-b", {
      host: "x.com",
      trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: "SIMPLE" } }] },
    }),
  ],
  "entry at gateway": [
    bounded(),
    object("ServiceEntry", "se-a", {
      hosts: ["x.com"],
      ports: [
        { number: 80, name: "http", protocol: "HTTP", targetPort: 80 },
        { number: 443, name: "tls", protocol: "TLS" },
      ],
      resolution: "DNS",
      endpoints: [{ address: GATEWAY_HOST }],
      exportTo: ["app"],
    }),
    object("ServiceEntry", "se-b", { hosts: ["x.com"], ports: PORTS(), resolution: "DNS", exportTo: ["."] }),
    object("VirtualService", "vs-a", {
      hosts: ["x.com"],
      gateways: ["gateway-a"],
      http: [{ route: [toHost("x.com", 80)] }],
      tls: [{ match: [{ sniHosts: ["x.com"] }], route: [toHost("x.com", 443)] }],
    }),
    object("Gateway", "gateway-a", {
      selector: { istio: "egressgateway" },
      servers: [
        { port: { number: 443, name: "tls", protocol: "TLS" }, hosts: ["x.com"], tls: { mode: "PASSTHROUGH" } },
        { port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["x.com"] },
      ],
    }),
  ],
};

function PORTS(): Record<string, unknown>[] {
  return [
    { number: 80, name: "http", protocol: "HTTP" },
    { number: 443, name: "tls", protocol: "TLS" },
  ];
}

function object(kind: string, name: string, spec: Record<string, unknown>, namespace = "egress"): Manifest {
  const group = kind === "AuthorizationPolicy" ? "security.istio.io/v1" : "networking.istio.io/v1";
  return { apiVersion: group, kind, metadata: { name, namespace, creationTimestamp: "2026-02-01T00:02:00Z" }, spec };
}

function bounded(): Manifest {
  return object(
    "Sidecar",
    "default",
    { egress: [{ hosts: ["./*", "egress/*"] }], outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
    "app",
  );
}

function entry(): Manifest {
  return object("ServiceEntry", "se-a", { hosts: ["x.com"], ports: PORTS(), resolution: "DNS" });
}

function toGateway(number: number): Record<string, unknown> {
  return { destination: { host: GATEWAY_HOST, port: { number } } };
}

function toHost(host: string, number: number): Record<string, unknown> {
  return { destination: { host, port: { number } } };
}

function server({ protocol, mode, number = 443 }: { protocol: string; mode?: string; number?: number }): Manifest {
  const one = { port: { number, name: "p0", protocol }, hosts: ["x.com"], ...(mode ? { tls: { mode } } : {}) };
  return object("Gateway", "gateway-a", { selector: { istio: "egressgateway" }, servers: [one] });
}

function rule(tls: Record<string, unknown>): Manifest {
  return object("DestinationRule", "dr-a", {
    host: GATEWAY_HOST,
    trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls }] },
  });
}

function policy(extra: Record<string, unknown>): Manifest {
  return object("AuthorizationPolicy", "ap-a", {
    selector: { matchLabels: { istio: "egressgateway" } },
    rules: [{ from: [{ source: { principals: ["cluster.local/ns/app/sa/a"] } }], ...extra }],
  });
}
