import { B, call, table } from "../../cases/ask";
import { dr, GOOD, GW, GWHOST, gateway, RO, se, vs } from "../../cases/gateway";

const through = { verdict: "gateway", gateway: "egress/gw" } as const;
const closed = { verdict: "blocked", seen: "connection closed" } as const;
const s503 = { verdict: "blocked", seen: "HTTP 503" } as const;
const http = call("http://x.com/");
const https = call("https://x.com/");
/** A good graph whose parts can be replaced. */
const graph = (parts: { se?: string; dr?: string; vs?: string; gw?: string; more?: string }): string =>
  GW +
  (parts.se ?? se("egress/x", "x.com")) +
  (parts.dr ?? dr("egress/gw", "x.com")) +
  (parts.vs ?? vs("egress/x", "x.com")) +
  (parts.gw ?? gateway("egress/gw", "x.com")) +
  (parts.more ?? "");

const ANY = gateway("egress/gw", '"*"');
table("55 no DestinationRule: plaintext to the gateway", graph({ dr: "", gw: ANY }), [
  ["http", http, { ...s503, by: "Gateway egress/gw spec.servers[0].tls.mode", missing: /ISTIO_MUTUAL/ }],
]);
table(
  "55 gateway pods labelled tlsMode: istio",
  graph({ dr: "", gw: ANY }).replace(
    "{istio: egress}, annotations",
    "{istio: egress, security.istio.io/tlsMode: istio}, annotations",
  ),
  [["http", http, through]],
);
table(
  "56 a DestinationRule that the client does not see",
  graph({ dr: dr("egress/gw", "x.com", ', exportTo: ["."]') }),
  [["http", http, s503]],
);
table(
  "57 a wildcard rule of the client's namespace hides it",
  graph({ more: 'DestinationRule app/all {host: "*.svc.cluster.local", trafficPolicy: {tls: {mode: DISABLE}}}\n' }),
  [["http", http, { ...s503, by: "DestinationRule app/all" }]],
);
table("58 no sni, server for x.com", graph({ dr: dr("egress/gw") }), [
  ["http", http, { ...s503, missing: /outbound_\.80_\._\.gw\.egress/ }],
  ["https", https, closed],
]);
table("58 no sni, server for any host", graph({ dr: dr("egress/gw"), gw: ANY }), [
  ["http", http, through],
  ["https", https, through],
]);
table(
  "59 a port's entry replaces the whole policy",
  graph({
    dr: `DestinationRule egress/gw {host: ${GWHOST}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: x.com}, portLevelSettings: [{port: {number: 443}, connectionPool: {}}]}}\n`,
  }),
  [
    ["https", https, closed],
    ["http", http, through],
  ],
);
const SUBSET = vs("egress/x", "x.com").replaceAll(`host: ${GWHOST}, `, `host: ${GWHOST}, subset: s, `);
const subsetOf = (where: string, exportTo: string): string =>
  `DestinationRule ${where} {host: ${GWHOST}, exportTo: [${exportTo}], subsets: [{name: s, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: x.com}}}]}\n`;
table("60 a subset that no rule has", graph({ vs: SUBSET }), [["http", http, { ...s503, missing: /subset s/ }]]);
table(
  "60 in the younger of two rules with equal exportTo",
  graph({ vs: SUBSET, dr: dr("egress/gw @1", "x.com", ', exportTo: ["*"]') + subsetOf("egress/s @2", '"*"') }),
  [["http", http, through]],
);
table(
  "60 in the older, with different exportTo: lost",
  graph({
    vs: SUBSET,
    dr: subsetOf("egress/s @1", '".", app') + dr("egress/gw @2", "x.com", ", exportTo: [app, other]"),
  }),
  [["http", http, s503]],
);
const ORIGIN = (
  selector: string,
): string => `${GW}ServiceEntry app/x {hosts: [x.com], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]}
DestinationRule app/x {host: x.com, ${selector}trafficPolicy: {tls: {mode: SIMPLE, credentialName: cred}}}\n`;
table("61 credentialName in a sidecar", ORIGIN(""), [
  [
    "http",
    http,
    { verdict: "direct", destination: "x.com:443", by: "DestinationRule app/x spec.trafficPolicy.tls.credentialName" },
  ],
]);
table("61 with workloadSelector", ORIGIN("workloadSelector: {matchLabels: {app: a}}, "), [
  ["http", http, { verdict: "direct", by: "DestinationRule app/x spec.trafficPolicy.tls.mode" }],
]);
const san = (name: string): string =>
  `DestinationRule egress/gw {host: ${GWHOST}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: x.com, subjectAltNames: ["${name}"]}}}\n`;
const FROM_SIDECAR = (tls: string): string => `Namespace app +istio-injection=enabled
ServiceEntry app/x {hosts: [x.com], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]}
DestinationRule app/x {host: x.com, trafficPolicy: {tls: {${tls}}}}\n`;
const UNCHECKED = /the server's name is not verified \(no subjectAltNames\)/;
for (const [title, tls, said] of [
  ["62 sni without names: connects, but to anybody", "mode: SIMPLE, sni: x.com", UNCHECKED],
  ["62 neither: checked against the Host", "mode: SIMPLE", /^TLS originated \(SIMPLE\), SNI x\.com$/],
  ["62 both", "mode: SIMPLE, sni: y.com, subjectAltNames: [x.com]", /^TLS originated \(SIMPLE\), SNI y\.com$/],
  ["62 verification switched off", "mode: SIMPLE, insecureSkipVerify: true", /certificate is not verified$/],
] as const)
  table(title, FROM_SIDECAR(tls), [
    [
      "http",
      http,
      {
        verdict: "direct",
        destination: "x.com:443",
        by: "DestinationRule app/x spec.trafficPolicy.tls.mode",
        says: said,
      },
    ],
  ]);
table("63 the wrong name demanded of the gateway", graph({ dr: san("spiffe://cluster.local/ns/egress/sa/other") }), [
  ["http", http, { ...s503, missing: /subjectAltNames/ }],
  ["https", https, closed],
]);
table("63 the right one", graph({ dr: san("spiffe://cluster.local/ns/egress/sa/gw") }), [["http", http, through]]);

const rival = (hosts: string): string =>
  `Gateway other/gw @1 {selector: {istio: egress}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [${hosts}], tls: {mode: ISTIO_MUTUAL}}]}\n`;
table(
  "64 an older Gateway of another namespace with the same host",
  graph({ gw: rival('"*"') + gateway("egress/gw @2", '"*"') }),
  [
    ["https", https, { ...closed, missing: /dropped in favour of Gateway other\/gw|has no route/ }],
    ["http", http, through],
  ],
);
table("64 with another host", graph({ gw: rival("y.com") + gateway("egress/gw @2", "x.com") }), [
  ["https", https, through],
]);
table("64 without ages", graph({ gw: rival("x.com").replace(" @1", "") + gateway("egress/gw", "x.com") }), [
  ["https", https, { ...closed, outcomes: 2 }],
]);
table(
  "66 the server's number is a Service port",
  GOOD.replaceAll("{number: 443, name: tls, protocol: TLS}", "{number: 8443, name: tls, protocol: TLS}").replaceAll(
    "[egress/gw], port: 443",
    "[egress/gw]",
  ),
  [["https", https, through]],
);
const both = (plain: number, tls: number): string =>
  graph({
    gw: `Gateway egress/plain @${plain} {selector: {istio: egress}, servers: [{port: {number: 443, name: h, protocol: HTTP}, hosts: [z.com]}]}\n${gateway(`egress/gw @${tls}`, "x.com")}`,
  });
table("67 plaintext first, TLS dropped", both(1, 2), [["https", https, closed]]);
table("67 TLS first, both kept", both(2, 1), [["https", https, through]]);
const hosts = (server: string, route: string): string =>
  graph({
    gw: gateway("egress/gw", server),
    vs: `VirtualService app/x {hosts: [x.com], http: [{route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]}]}
VirtualService egress/x {hosts: [${route}], gateways: [egress/gw], http: [{route: [{destination: {host: x.com, port: {number: 80}}}]}]}\n`,
  });
table("68 no host in common", hosts("x.com", "y.com"), [["http", http, { verdict: "blocked", seen: "HTTP 404" }]]);
table("68 a wildcard route", hosts("x.com", '"*.com"'), [["http", http, through]]);
table("68 server hosts of another namespace", hosts("other/x.com", "x.com"), [
  ["http", http, { verdict: "blocked", seen: "HTTP 404" }],
]);
table("68 server hosts of the own namespace", hosts("./x.com", "x.com"), [["http", http, through]]);
const PASS = (rule: string, drText = ""): string =>
  graph({
    se: se("egress/x", "x.com, b.com"),
    dr: drText,
    gw: `Gateway egress/gw {selector: {istio: egress}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [x.com], tls: {mode: PASSTHROUGH}}]}\n`,
    vs: `VirtualService app/x {hosts: [x.com, b.com], tls: [{match: [{sniHosts: [x.com, b.com]}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}
VirtualService egress/x {hosts: ["*.com"], gateways: [egress/gw], ${rule}}\n`,
  });
const TLS_RULE = 'tls: [{match: [{sniHosts: ["*.com"]}], route: [{destination: {host: b.com, port: {number: 443}}}]}]';
table("69 a passthrough rule opens all its names", PASS(TLS_RULE), [
  ["another name", call("https://b.com/"), through],
  ["its own", https, through],
]);
table("71 mesh TLS to a passthrough server", PASS(TLS_RULE, dr("egress/gw", "x.com")), [["https", https, closed]]);
table(
  "70 a tls rule at a terminating server",
  graph({
    vs: vs("egress/x", "x.com")
      .replace(
        "tls: [{match",
        "tls: [{match: [{gateways: [egress/gw], port: 443, sniHosts: [x.com]}], route: [{destination: {host: x.com, port: {number: 443}}}]}, {match",
      )
      .replace(/,\s*tcp: .*\]}\n$/, "}\n"),
  }),
  [["https", https, { ...closed, by: "Gateway egress/gw spec.servers[1]", missing: /has no route; add a tcp rule/ }]],
);
table("70 a tcp rule at a terminating server", graph({}), [
  [
    "https",
    https,
    { ...through, destination: "x.com:443", by: "VirtualService egress/x spec.tcp[0].route[0].destination" },
  ],
]);
table(
  "72 sourceLabels without gateways also guard the gateway's rule",
  graph({
    vs: `VirtualService egress/x {hosts: [x.com], gateways: [mesh, egress/gw], http: [{match: [{gateways: [mesh]}], route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]}, {match: [{sourceLabels: {app: a}}], route: [{destination: {host: x.com, port: {number: 80}}}]}]}\n`,
  }),
  [["http", http, { verdict: "blocked", seen: "HTTP 404", missing: /sourceLabels/ }]],
);
table(
  "73 an older public entry of another namespace",
  graph({
    se:
      se("other/x @1", "x.com", "80") +
      se("egress/x @2", "x.com") +
      se("app/x @3", "x.com", "80,443", 'resolution: DNS, exportTo: ["."]'),
  }),
  [
    ["https", https, { ...closed, missing: /no port 443/ }],
    ["http", http, through],
  ],
);
table("74 resolution NONE at a gateway", graph({ se: se("egress/x", "x.com", "80,443", "resolution: NONE") }), [
  ["http", http, { ...s503, by: "ServiceEntry egress/x spec.resolution" }],
]);
table(
  "75 routes of several VirtualServices are joined, catch-alls last",
  graph({
    se: se("egress/x", "x.com") + se("egress/api", "api.com", "80"),
    more: "VirtualService egress/api @9 {hosts: [x.com], gateways: [egress/gw], http: [{match: [{uri: {prefix: /api}}], route: [{destination: {host: api.com, port: {number: 80}}}]}]}\n",
  }),
  [
    ["the younger's path", call("http://x.com/api"), { ...through, destination: "api.com:80" }],
    ["another path", http, { ...through, destination: "x.com:80" }],
  ],
);
table(
  "76 SNI of one server, Host of another",
  `${GW}${se("egress/x", "x.com, y.com", "80")}${dr("egress/gw", "y.com")}${vs("egress/x", "x.com")}
Gateway egress/gw {selector: {istio: egress}, servers: [{port: {number: 80, name: x, protocol: HTTPS}, hosts: [x.com], tls: {mode: ISTIO_MUTUAL}}, {port: {number: 80, name: y, protocol: HTTPS}, hosts: [y.com], tls: {mode: ISTIO_MUTUAL}}]}`,
  [["http", http, { verdict: "blocked", seen: "HTTP 404" }]],
);
table(
  "a loop",
  graph({
    se: se("egress/x", "x.com"),
    vs: vs("egress/x", "x.com").replace(
      "route: [{destination: {host: x.com, port: {number: 80}}}]}],\n    tls",
      `route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]}],\n    tls`,
    ),
    dr: dr("egress/gw", "x.com"),
  }),
  [["http", http, { ...s503, missing: /circle/ }]],
);

const ap = (spec: string, where = "egress/p"): string => graph({ more: `AuthorizationPolicy ${where} {${spec}}\n` });
const s403 = { verdict: "blocked", seen: "HTTP 403" } as const;
const CALLER = "rules: [{from: [{source: {principals: [cluster.local/ns/app/sa/a]}}]}]";
table("77 principals", ap(CALLER), [
  ["its caller", http, through],
  ["another", call("http://x.com/", { workload: B }), s403],
  ["another over https", call("https://x.com/", { workload: B }), closed],
]);
table("78 hosts on a TLS server allow nothing", ap("rules: [{to: [{operation: {hosts: [x.com]}}]}]"), [
  ["https", https, closed],
  ["http", http, through],
  ["Host with port", call("http://x.com/", { authority: "x.com:80" }), s403],
]);
table(
  "79 DENY by path alone on a TLS server denies all",
  ap('action: DENY, rules: [{to: [{operation: {paths: ["/admin"]}}]}]'),
  [
    ["https", https, closed],
    ["http", http, through],
    ["its path", call("http://x.com/admin"), s403],
  ],
);
table(
  "80 one HTTP-only entry spoils the rule on TCP",
  ap('rules: [{to: [{operation: {hosts: [x.com]}}, {operation: {ports: ["8443"]}}]}]'),
  [["https", https, closed]],
);
table("81 ports are the pod's", ap('rules: [{to: [{operation: {ports: ["443"]}}]}]'), [["https", https, closed]]);
table("81 the target port", ap('rules: [{to: [{operation: {ports: ["8443"]}}]}]'), [
  ["https", https, through],
  ["http", http, s403],
]);
table(
  "82 a bare service account is of the policy's namespace",
  ap("rules: [{from: [{source: {serviceAccounts: [a]}}]}]"),
  [["http", http, s403]],
);
table("82 with namespace", ap("rules: [{from: [{source: {serviceAccounts: [app/a]}}]}]"), [["http", http, through]]);
table(
  "83 targetRefs on a gateway of a chart",
  ap("targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: gw}]"),
  [["http", http, through]],
);
table("84 an empty policy of the root namespace", ap("", "istio-system/p"), [
  ["http", http, s403],
  ["https", https, closed],
]);
table("84 a rule without conditions", ap("rules: [{}]", "istio-system/p"), [["http", http, through]]);
const SNI = "rules: [{when: [{key: connection.sni, values: [x.com]}]}]";
table(
  "85 connection.sni is the outer name",
  GW +
    se("egress/x", "x.com") +
    dr("egress/gw") +
    vs("egress/x", "x.com") +
    ANY +
    `AuthorizationPolicy egress/p {${SNI}}\n`,
  [["https", https, closed]],
);
table("85 set by the DestinationRule", ap(SNI), [["https", https, through]]);
table("86 dry-run only", ap("rules: []", "egress/p ~istio.io/dry-run=true"), [["http", http, through]]);
table("CUSTOM is not modelled", ap("action: CUSTOM, provider: {name: x}, rules: [{}]"), [
  ["http", http, { verdict: "unknown", how: "feature" }],
]);
table("notPrincipals", ap("action: DENY, rules: [{from: [{source: {notPrincipals: [cluster.local/ns/app/sa/a]}}]}]"), [
  ["its caller", http, through],
  ["another", call("http://x.com/", { workload: B }), s403],
]);
table(
  "an EnvoyFilter on the gateway is not modelled",
  graph({ more: "EnvoyFilter egress/f {configPatches: [{applyTo: LISTENER, match: {context: GATEWAY}}]}\n" }),
  [["http", http, { verdict: "unknown", how: "feature" }]],
);
table(
  "one on another context is none",
  graph({ more: "EnvoyFilter egress/f {configPatches: [{applyTo: LISTENER, match: {context: SIDECAR_INBOUND}}]}\n" }),
  [["http", http, through]],
);
table(
  "TLS origination at the gateway",
  `${GW}${se("app/x", "x.com", "80", 'resolution: DNS, exportTo: ["."]')}${dr("egress/gw", "x.com")}${vs("egress/x", "x.com").replace("{host: x.com, port: {number: 80}}", "{host: x.com, port: {number: 443}}")}${gateway("egress/gw", "x.com")}${se("egress/x", "x.com", "443", 'resolution: DNS, exportTo: ["."]')}
DestinationRule egress/x {host: x.com, trafficPolicy: {portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE, sni: x.com}}]}}`,
  [["http", http, { ...through, destination: "x.com:443", by: "DestinationRule egress/x" }]],
  RO,
);
