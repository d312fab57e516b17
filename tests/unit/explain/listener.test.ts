import { call, table } from "../../cases/ask";
import { GW, GWHOST, RO, se } from "../../cases/gateway";

const direct = { verdict: "direct", how: "service" } as const;
const passes = { verdict: "direct", how: "passthrough" } as const;
const closed = { verdict: "blocked", seen: "connection closed" } as const;
const NS = "Namespace app +istio-injection=enabled\n";
const static1 = (address: string, more = ""): string => `resolution: STATIC, endpoints: [{address: ${address}}]${more}`;

const HTTP80 = NS + se("app/x", "x.com", "80");
table("42 TLS on an HTTP port, ALLOW_ANY", HTTP80, [["https", call("https://x.com:80/"), passes]]);
table(
  "42 TLS on an HTTP port, REGISTRY_ONLY",
  HTTP80,
  [
    ["https", call("https://x.com:80/"), closed],
    ["http", call("http://x.com/"), direct],
  ],
  RO,
);
const TLS443 = NS + se("app/x", "x.com", "443");
table(
  "43 plaintext on a TLS port",
  TLS443,
  [
    ["http", call("http://x.com:443/"), closed],
    ["https", call("https://x.com/"), direct],
  ],
  RO,
);
table("43 the same under ALLOW_ANY", TLS443, [["http", call("http://x.com:443/"), passes]]);
table("44 no SNI, no address", TLS443, [["https", call("https://x.com/", { sni: "" }), closed]], RO);
const VIP = NS + se("app/x", "x.com", "443", "resolution: DNS, addresses: [10.9.9.9]");
table(
  "44/45 at the address any name, or none, is the service's",
  VIP,
  [
    ["no SNI", call("https://x.com/", { sni: "", address: "10.9.9.9" }), direct],
    [
      "another SNI",
      call("https://x.com/", { sni: "evil.com", address: "10.9.9.9" }),
      { ...direct, destination: "x.com:443" },
    ],
    ["at another address", call("https://x.com/", { address: "10.9.9.8" }), closed],
    ["no address given: that of the ServiceEntry", call("https://x.com/"), direct],
  ],
  RO,
);
table(
  "46 a TCP entry without address opens the port",
  NS + se("app/db", "db.com", "5432", "resolution: NONE"),
  [["any address", call("tcp://other.com:5432", { address: "9.9.9.9" }), { ...direct, destination: "9.9.9.9:5432" }]],
  RO,
);
table(
  "46 with an address that alone",
  NS + se("app/db", "db.com", "5432", "resolution: NONE, addresses: [1.2.3.4]"),
  [
    ["its address", call("tcp://db.com:5432", { address: "1.2.3.4" }), { ...direct, destination: "1.2.3.4:5432" }],
    ["another", call("tcp://db.com:5432", { address: "9.9.9.9" }), closed],
  ],
  RO,
);
const TWO = (a: string, b: string): string =>
  NS +
  se("app/db1 @1", "db1.com", "5432", static1("1.1.1.1", a)) +
  se("app/db2 @2", "db2.com", "5432", static1("2.2.2.2", b));
table("47 two TCP entries on one port: the older takes all", TWO("", ""), [
  ["the younger's host", call("tcp://db2.com:5432"), { ...direct, destination: "db1.com:5432" }],
]);
table("47 with addresses both", TWO(", addresses: [10.0.0.1]", ", addresses: [10.0.0.2]"), [
  ["the younger's host", call("tcp://db2.com:5432"), { ...direct, destination: "db2.com:5432" }],
]);
table("47 without ages either", TWO("", "").replaceAll(/@\d/g, ""), [
  ["two ways", call("tcp://db2.com:5432"), { ...direct, outcomes: 2 }],
]);
table(
  "48 the most exact range first, and no way back",
  `${NS}${se("app/wide", "w.com", "443", "resolution: STATIC, addresses: [10.1.0.0/16], endpoints: [{address: 1.1.1.1}]")}
${se("app/exact", "e.com", "443", "resolution: STATIC, addresses: [10.1.2.0/24], endpoints: [{address: 2.2.2.2}]")}`,
  [
    ["SNI of the wide one in the exact range", call("https://w.com/", { address: "10.1.2.3" }), closed],
    [
      "SNI of the wide one elsewhere",
      call("https://w.com/", { address: "10.1.3.3" }),
      { ...direct, destination: "w.com:443" },
    ],
  ],
  RO,
);
table(
  "49 Host decides, not the address",
  NS + se("app/x", "x.com", "80") + se("app/n", "n.com", "80", "resolution: NONE"),
  [
    ["DNS", call("http://x.com/", { address: "1.2.3.4" }), { ...direct, destination: "x.com:80" }],
    ["NONE", call("http://n.com/", { address: "1.2.3.4" }), { ...direct, destination: "1.2.3.4:80" }],
  ],
  RO,
);
table(
  "50 HTTP/1.0",
  HTTP80,
  [
    ["1.0", call("http://x.com/", { httpVersion: "1.0" }), closed],
    ["2", call("http://x.com/", { httpVersion: "2" }), direct],
  ],
  RO,
);
table(
  "51 an unknown Host where an HTTP listener is",
  HTTP80,
  [["502", call("http://y.com/"), { verdict: "blocked", seen: "HTTP 502" }]],
  RO,
);
table("51 and where none is", TLS443, [["closed", call("http://y.com/"), closed]], RO);
const MIX = (protocol: string): string =>
  NS +
  se("app/m @1", "m.com", `7000/${protocol}`, static1("1.1.1.1")) +
  se("app/h @2", "h.com", "7000/HTTP", static1("2.2.2.2"));
table(
  "52 Mongo and HTTP on one port",
  MIX("MONGO"),
  [["http", call("http://h.com:7000/"), { ...direct, destination: "m.com:7000" }]],
  RO,
);
table(
  "52 TCP and HTTP on one port",
  MIX("TCP"),
  [
    ["http", call("http://h.com:7000/"), { ...direct, destination: "h.com:7000" }],
    ["tcp", call("tcp://m.com:7000"), { ...direct, destination: "m.com:7000" }],
  ],
  RO,
);
table(
  "53 ALLOW_ANY_DYNAMIC_DNS",
  NS,
  [
    ["http", call("http://x.com/"), { ...passes, destination: "x.com:80", by: "" }],
    ["https", call("https://x.com/"), passes],
  ],
  { meshConfig: { outboundTrafficPolicy: { mode: "ALLOW_ANY_DYNAMIC_DNS" } } },
);
const DFP = NS + se("app/w", '"*.x.com"', "80,443", "resolution: DYNAMIC_DNS");
table(
  "54 DYNAMIC_DNS",
  DFP,
  [
    ["https", call("https://a.x.com/"), { ...direct, destination: "a.x.com:443" }],
    ["http", call("http://a.x.com/"), { ...direct, destination: "a.x.com:80" }],
    ["not covered", call("https://x.com/"), closed],
  ],
  RO,
);
table(
  "54 the client's own policies act there",
  `${DFP}AuthorizationPolicy app/none {}`,
  [["https", call("https://a.x.com/"), { ...closed, by: "AuthorizationPolicy app/none" }]],
  RO,
);
table(
  "a VirtualService tls route to DYNAMIC_DNS is not modelled",
  `${DFP}VirtualService app/w {hosts: ["*.x.com"], tls: [{match: [{sniHosts: ["*.x.com"]}], route: [{destination: {host: "*.x.com", port: {number: 443}}}]}]}`,
  [["https", call("https://a.x.com/"), { verdict: "unknown", how: "feature" }]],
  RO,
);
table(
  "short names of a Kubernetes Service",
  `${GW}Service app/web {selector: {app: web}, ports: [{name: http, port: 80}]}
Deployment app/web {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}`,
  [
    ["short", call("http://web/"), { verdict: "in-mesh", destination: "web.app.svc.cluster.local:80" }],
    ["with namespace", call("http://web.app/"), { verdict: "in-mesh" }],
    ["long", call("http://web.app.svc.cluster.local/"), { verdict: "in-mesh" }],
    ["a gateway dialled by hand has no server", call(`http://${GWHOST}/`), { verdict: "blocked", seen: "HTTP 503" }],
  ],
  RO,
);
table(
  "89 traffic past the sidecar",
  `${HTTP80}Namespace bare\n`,
  [
    [
      "excluded port",
      call("https://x.com/", {
        workload: {
          namespace: "app",
          labels: {},
          podAnnotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "22,443" },
        },
      }),
      { verdict: "direct", how: "not-captured" },
    ],
    [
      "another port",
      call("http://x.com/", {
        workload: {
          namespace: "app",
          labels: {},
          podAnnotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "22,443" },
        },
      }),
      direct,
    ],
    [
      "not injected",
      call("https://x.com/", { workload: { namespace: "bare", labels: {} } }),
      { verdict: "direct", how: "not-captured", by: "Namespace bare" },
    ],
    [
      "pod label false",
      call("https://x.com/", { workload: { namespace: "app", labels: { "sidecar.istio.io/inject": "false" } } }),
      { verdict: "direct", how: "not-captured" },
    ],
    [
      "host network",
      call("https://x.com/", { workload: { namespace: "app", labels: {}, hostNetwork: true } }),
      { verdict: "direct", how: "not-captured" },
    ],
    [
      "the proxy's uid",
      call("https://x.com/", { workload: { namespace: "app", labels: {}, runAsUser: 1337 } }),
      { verdict: "direct", how: "not-captured" },
    ],
    [
      "excluded range, address not known",
      call("https://x.com/", {
        workload: {
          namespace: "app",
          labels: {},
          podAnnotations: { "traffic.sidecar.istio.io/excludeOutboundIPRanges": "10.0.0.0/8" },
        },
      }),
      { verdict: "direct", how: "not-captured", outcomes: 2 },
    ],
    [
      "excluded range, address outside",
      call("https://x.com/", {
        address: "1.2.3.4",
        workload: {
          namespace: "app",
          labels: {},
          podAnnotations: { "traffic.sidecar.istio.io/excludeOutboundIPRanges": "10.0.0.0/8" },
        },
      }),
      closed,
    ],
  ],
  RO,
);
table(
  "90 use-waypoint changes nothing for a sidecar",
  NS + se("app/x +istio.io/use-waypoint=wp", "x.com", "80"),
  [["http", call("http://x.com/"), direct]],
  RO,
);
