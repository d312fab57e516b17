import { call, table } from "../../cases/ask";
import { dr, GOOD, GW, GWHOST, gateway, RO, se, vs } from "../../cases/gateway";

const through = { verdict: "gateway", gateway: "egress/gw" } as const;
const s503 = { verdict: "blocked", seen: "HTTP 503" } as const;
const closed = { verdict: "blocked", seen: "connection closed" } as const;
const http = call("http://x.com/");
const https = call("https://x.com/");
const mesh = (more: Record<string, unknown>): { meshConfig: Record<string, unknown> } => ({
  meshConfig: { ...RO.meshConfig, ...more },
});

const AUTO = GOOD.replace(dr("egress/gw", "x.com"), "")
  .replace("{istio: egress}, annotations", "{istio: egress, security.istio.io/tlsMode: istio}, annotations")
  .replaceAll("hosts: [x.com], tls", 'hosts: ["*"], tls');
table("automatic mutual TLS by default", AUTO, [["http", http, through]], RO);
table("automatic mutual TLS, by word", AUTO, [["http", http, through]], mesh({ enableAutoMtls: true }));
table(
  "automatic mutual TLS switched off",
  AUTO,
  [["http", http, { ...s503, where: "gateway-listener", by: "Gateway egress/gw spec.servers[0].tls.mode" }]],
  mesh({ enableAutoMtls: false }),
);
table(
  "DestinationRules stay at home by default",
  GOOD,
  [["http", http, { ...s503, by: "Gateway egress/gw spec.servers[0].hosts" }]],
  mesh({ defaultDestinationRuleExportTo: ["."] }),
);
table(
  "VirtualServices stay at home by default",
  GOOD,
  [["http", http, { verdict: "direct", by: "ServiceEntry egress/x" }]],
  mesh({ defaultVirtualServiceExportTo: ["."] }),
);
table(
  "services stay at home by default",
  GOOD,
  [["https", https, { ...closed, where: "filter-chain" }]],
  mesh({ defaultServiceExportTo: ["."] }),
);

const template = (spec: string): string =>
  GOOD.replace(
    /Deployment egress\/gw [\s\S]*?\nService/,
    `Deployment egress/gw {template: {metadata: {labels: {istio: egress}${spec}}}\nService`,
  );
const IN_MESH = { verdict: "in-mesh" } as const;
table(
  "pods that run a router",
  template("}, spec: {serviceAccountName: gw, containers: [{name: istio-proxy, args: [proxy, router]}]}"),
  [["http", http, through]],
  RO,
);
table(
  "pods that run a sidecar",
  template("}, spec: {containers: [{name: istio-proxy, args: [proxy, sidecar]}]}"),
  [["http", http, IN_MESH]],
  RO,
);
table(
  "pods that run something else",
  template("}, spec: {containers: [{name: web, args: [serve, router]}]}"),
  [["http", http, IN_MESH]],
  RO,
);
table(
  "pods of one template among several",
  template(
    ", annotations: {inject.istio.io/templates: 'other, gateway'}}, spec: {serviceAccountName: gw, containers: [{name: a}]}",
  ),
  [["http", http, through]],
  RO,
);
table(
  "pods of another template",
  template(", annotations: {inject.istio.io/templates: sidecar}}, spec: {containers: [{name: a}]}"),
  [["http", http, IN_MESH]],
  RO,
);

const servers = (more: string): string =>
  GOOD.replace(
    gateway("egress/gw", "x.com"),
    `Gateway egress/gw {selector: {istio: egress}, servers: [{port: {number: 80, name: http, protocol: HTTPS}, hosts: [x.com]${more}}]}\n`,
  );
for (const [title, more, expected] of [
  ["every address", ", bind: 0.0.0.0, tls: {mode: ISTIO_MUTUAL}", through],
  ["every address of IPv6", ', bind: "::", tls: {mode: ISTIO_MUTUAL}', through],
  [
    "a certificate of one's own",
    ", tls: {mode: SIMPLE, credentialName: c}",
    { ...s503, missing: /use ISTIO_MUTUAL on both sides/ },
  ],
  [
    "a foreign client's certificate",
    ", tls: {mode: MUTUAL, credentialName: c}",
    { verdict: "unknown", how: "feature" },
  ],
] as const)
  table(`a server for ${title}`, servers(more), [["http", http, expected]], RO);

const client = (tls: string): string =>
  GOOD.replace(dr("egress/gw", "x.com"), `DestinationRule egress/gw {host: ${GWHOST}, ${tls}}\n`);
const MESH = "tls: {mode: ISTIO_MUTUAL, sni: x.com}";
const SUBSET = client(`trafficPolicy: {${MESH}}, subsets: [{name: s}]`);
const inSubset = (text: string): string => text.replaceAll(`host: ${GWHOST}, port`, `host: ${GWHOST}, subset: s, port`);
for (const [title, text, expected] of [
  [
    "originates TLS at a mesh server",
    client("trafficPolicy: {tls: {mode: SIMPLE, sni: x.com}}"),
    { ...s503, missing: /demands a certificate of the mesh/ },
  ],
  [
    "shows another certificate at a mesh server",
    client("trafficPolicy: {tls: {mode: MUTUAL, sni: x.com, clientCertificate: /c, privateKey: /k}}"),
    { ...s503, by: "Gateway egress/gw spec.servers[0].tls" },
  ],
  ["has a subset without a policy: that of the host", inSubset(SUBSET), through],
  [
    "has a subset with TLS off",
    inSubset(client(`trafficPolicy: {${MESH}}, subsets: [{name: s, trafficPolicy: {tls: {mode: DISABLE}}}]`)),
    { ...s503, by: "DestinationRule egress/gw spec.subsets[0].trafficPolicy.tls.mode" },
  ],
  ["has TLS in the subset alone", inSubset(client(`subsets: [{name: s, trafficPolicy: {${MESH}}}]`)), through],
  [
    "has a subset with other settings",
    inSubset(client(`trafficPolicy: {${MESH}}, subsets: [{name: s, trafficPolicy: {connectionPool: {}}}]`)),
    through,
  ],
  [
    "has a subset that forgets TLS on the port",
    inSubset(
      client(
        `trafficPolicy: {${MESH}}, subsets: [{name: s, trafficPolicy: {portLevelSettings: [{port: {number: 80}, connectionPool: {}}]}}]`,
      ),
    ),
    s503,
  ],
  [
    "has a subset that forgets TLS on another port",
    inSubset(
      client(
        `trafficPolicy: {${MESH}}, subsets: [{name: s, trafficPolicy: {portLevelSettings: [{port: {number: 81}, connectionPool: {}}]}}]`,
      ),
    ),
    through,
  ],
  [
    "has a tunnel",
    client(`trafficPolicy: {${MESH}, tunnel: {targetHost: y.com, targetPort: 443}}`),
    { verdict: "unknown", how: "feature" },
  ],
  [
    "speaks the proxy protocol",
    client(`trafficPolicy: {${MESH}, proxyProtocol: {version: V2}}`),
    { verdict: "unknown", how: "feature" },
  ],
] as const)
  table(`a client that ${title}`, text, [["http", http, expected]], RO);

const ranges = (
  subnets: string,
): string => `${GW}${se("egress/x", "x.com", "443", "resolution: STATIC, addresses: [198.18.0.0/16], endpoints: [{address: 198.19.0.1}]")}${dr("egress/gw", "x.com")}${gateway("egress/gw", "x.com")}
VirtualService egress/x {hosts: [x.com], gateways: [mesh], tls: [{match: [{port: 443, sniHosts: [x.com], destinationSubnets: [${subnets}]}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}
${vs("egress/out", "x.com").replace("gateways: [mesh, egress/gw]", "gateways: [egress/gw]")}`;
const dialled = (address: string) => call("https://x.com/", { address });
table(
  "a tls rule for a range of addresses",
  ranges("198.18.1.0/24"),
  [
    ["inside", dialled("198.18.1.1"), { ...through, by: "VirtualService egress/x spec.tls[0]" }],
    ["outside", dialled("198.18.2.1"), { ...closed, where: "filter-chain" }],
  ],
  RO,
);
