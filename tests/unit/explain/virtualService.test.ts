import { A, B, call, table } from "../../cases/ask";
import { dr, GOOD, GW, GWHOST, gateway, RO, se, vs } from "../../cases/gateway";

const through = { verdict: "gateway", gateway: "egress/gw" } as const;
const direct = { verdict: "direct", how: "service" } as const;
const closed = { verdict: "blocked", seen: "connection closed" } as const;
const SIDE = gateway("egress/gw", "x.com") + dr("egress/gw", "x.com") + se("egress/x", "x.com");

table(
  "a good graph",
  GOOD,
  [
    ["http", call("http://x.com/"), { ...through, destination: "x.com:80" }],
    ["https", call("https://x.com/"), { ...through, destination: "x.com:443" }],
    ["upper case", call("http://X.com/"), { ...through }],
  ],
  RO,
);

table(
  "22 VirtualService exported to the application's namespace alone",
  GW + SIDE + vs("app/x", "x.com", ', exportTo: ["."]'),
  [
    [
      "http",
      call("http://x.com/"),
      { verdict: "blocked", seen: "HTTP 404", missing: /VirtualService app\/x is not exported to namespace egress/ },
    ],
    ["https", call("https://x.com/"), closed],
  ],
);
table("22 and to the gateway's", GW + SIDE + vs("app/x", "x.com", ', exportTo: [".", egress]'), [
  ["http", call("http://x.com/"), through],
]);

const scoped = (hosts: string): string =>
  `${GW}${SIDE}${vs("app/x", "x.com")}Sidecar app/s {egress: [{hosts: [${hosts}]}]}\n`;
table(
  "23 Sidecar imports the ServiceEntry, not the VirtualService",
  scoped('"egress/*"'),
  [["https", call("https://x.com/"), direct]],
  RO,
);
table("23 both", scoped('"egress/*", "./*"'), [["https", call("https://x.com/"), through]], RO);

const labelled = (match: string): string => `${GW}${SIDE}
VirtualService app/x {hosts: [x.com], gateways: [mesh], http: [{match: [${match}], route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]}]}
VirtualService egress/x {hosts: [x.com], gateways: [egress/gw], http: [{route: [{destination: {host: x.com, port: {number: 80}}}]}]}`;
table("24 gateways in an http match switch sourceLabels off", labelled("{gateways: [mesh], sourceLabels: {app: a}}"), [
  ["another pod", call("http://x.com/", { workload: B }), through],
]);
table("24 without gateways they count", labelled("{sourceLabels: {app: a}}"), [
  ["another pod", call("http://x.com/", { workload: B }), direct],
  ["this pod", call("http://x.com/"), through],
]);
const tlsOnly = (match: string): string => `${GW}${SIDE}
VirtualService app/x {hosts: [x.com], gateways: [mesh], tls: [{match: [${match}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}
VirtualService egress/x {hosts: [x.com], gateways: [egress/gw], tcp: [{route: [{destination: {host: x.com, port: {number: 443}}}]}]}`;
table("25 in a tls match both count", tlsOnly("{gateways: [mesh], sniHosts: [x.com], sourceLabels: {app: a}}"), [
  ["another pod", call("https://x.com/", { workload: B }), direct],
  ["this pod", call("https://x.com/"), through],
]);
table("26 http rules do not act on TLS ports", labelled("{gateways: [mesh]}"), [
  ["https", call("https://x.com/"), direct],
]);
table("26 tls rules do", tlsOnly("{sniHosts: [x.com]}"), [["https", call("https://x.com/"), through]]);
table(
  "27 tcp rules do not",
  `${GW}${SIDE}VirtualService app/x {hosts: [x.com], tcp: [{route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}`,
  [["https", call("https://x.com/"), direct]],
);
table("28 a rule for one path", labelled("{uri: {prefix: /api}}"), [
  [
    "another path",
    call("http://x.com/"),
    { verdict: "blocked", seen: "HTTP 404", by: "VirtualService app/x spec.http" },
  ],
  ["its path", call("http://x.com/api/1"), through],
  ["a plain prefix", call("http://x.com/apis"), through],
]);
const toHost = (where: string, target: string, more = "", match = ""): string =>
  `VirtualService ${where} {hosts: [x.com]${more}, http: [{${match}route: [{destination: {host: ${target}, port: {number: 80}}}]}]}\n`;
const ABC = se("app/x", "x.com") + se("app/a", "a.com", "80") + se("app/b", "b.com", "80");
table(
  "29 private beats older and public",
  `${GW}${ABC}${toHost("app/a @1", "a.com")}${toHost("app/b @2", "b.com", ', exportTo: ["."]')}`,
  [["http", call("http://x.com/"), { ...direct, destination: "b.com:80" }]],
);
table("29 both public: the older", `${GW}${ABC}${toHost("app/b @2", "b.com")}${toHost("app/a @1", "a.com")}`, [
  ["http", call("http://x.com/"), { ...direct, destination: "a.com:80" }],
]);
table(
  "30 the older has no rule for this pod",
  `${GW}${ABC}${toHost("app/a @1", "a.com", "", "match: [{sourceLabels: {app: z}}], ")}${toHost("app/b @2", "b.com")}`,
  [["http", call("http://x.com/"), { ...direct, destination: "b.com:80" }]],
);

const NO_SE = `${GW}${gateway("egress/gw", "x.com")}${dr("egress/gw", "x.com")}${se("egress/x", "x.com", "80,443", 'resolution: DNS, exportTo: ["."]')}
VirtualService app/x {hosts: [x.com], http: [{route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]}]}
VirtualService egress/x {hosts: [x.com], gateways: [egress/gw], http: [{route: [{destination: {host: x.com, port: {number: 80}}}]}]}`;
table(
  "31 a VirtualService host that is no service",
  NO_SE,
  [
    ["port 80", call("http://x.com/"), through],
    ["port 8080", call("http://x.com:8080/"), closed],
    ["https", call("https://x.com/"), closed],
  ],
  RO,
);
const www = (
  sni: string,
): string => `${GW}${se("egress/x", "x.com, www.x.com", "443")}${dr("egress/gw", "x.com")}${gateway("egress/gw", "x.com")}
VirtualService app/x {hosts: [x.com, www.x.com], tls: [{match: [{sniHosts: [${sni}]}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}
VirtualService egress/x {hosts: [x.com], gateways: [egress/gw], tcp: [{route: [{destination: {host: x.com, port: {number: 443}}}]}]}`;
table(
  "32 a host without its SNI in the rule, REGISTRY_ONLY",
  www("x.com"),
  [["www", call("https://www.x.com/"), closed]],
  RO,
);
table("32 the same under ALLOW_ANY", www("x.com"), [
  ["www", call("https://www.x.com/"), { verdict: "direct", how: "passthrough" }],
]);
table("32 with both names", www("x.com, www.x.com"), [["www", call("https://www.x.com/"), through]], RO);
table(
  "33 a wildcard ServiceEntry loses its other names",
  `${GW}${se("app/w", '"*.x.com"', "443", "resolution: NONE")}
VirtualService app/x {hosts: [a.x.com], tls: [{match: [{sniHosts: [a.x.com]}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}`,
  [["another name", call("https://b.x.com/"), closed]],
  RO,
);
table(
  "33 without the VirtualService",
  `${GW}${se("app/w", '"*.x.com"', "443", "resolution: NONE")}`,
  [["any name", call("https://b.x.com/"), direct]],
  RO,
);

const ONE_PORT = (
  rule: string,
): string => `${GW.replace(/ports: \[.*\]}/, "ports: [{name: http2, port: 8080, targetPort: 8080}]}")}${se("egress/x", "x.com")}
VirtualService app/x {hosts: [x.com], ${rule}}
Gateway egress/gw {selector: {istio: egress}, servers: [{port: {number: 8080, name: tcp, protocol: TCP}, hosts: ["*"]}]}
VirtualService egress/x {hosts: [x.com], gateways: [egress/gw], tcp: [{route: [{destination: {host: x.com, port: {number: 443}}}]}]}`;
table(
  "34 http destination without port: the listener's",
  ONE_PORT(`http: [{route: [{destination: {host: ${GWHOST}}}]}]`),
  [["http", call("http://x.com/"), { verdict: "blocked", seen: "HTTP 503", missing: /has no port 80/ }]],
);
table(
  "34 tls destination without port: the only one",
  ONE_PORT(`tls: [{match: [{sniHosts: [x.com]}], route: [{destination: {host: ${GWHOST}}}]}]`),
  [["https", call("https://x.com/"), through]],
);
table(
  "35 a port that the gateway's Service lacks",
  GOOD.replaceAll(`host: ${GWHOST}, port: {number: 443}`, `host: ${GWHOST}, port: {number: 8443}`),
  [["https", call("https://x.com/"), { ...closed, missing: /no port 8443|has this host/ }]],
);
const weighted = (weights: string): string =>
  `${GW}${ABC}VirtualService app/x {hosts: [x.com], http: [{route: [${weights}]}]}\n`;
const to = (host: string, weight: number): string =>
  `{destination: {host: ${host}, port: {number: 80}}, weight: ${weight}}`;
table("36 one destination of weight 0", weighted(to("a.com", 0)), [
  ["http", call("http://x.com/"), { ...direct, destination: "a.com:80" }],
]);
table("36 of two only those with weight", weighted(`${to("a.com", 0)}, ${to("b.com", 100)}`), [
  ["http", call("http://x.com/"), { ...direct, destination: "b.com:80", outcomes: 1 }],
]);
table("every weighted way counts", weighted(`${to("nowhere.com", 1)}, ${to("b.com", 99)}`), [
  ["http", call("http://x.com/"), { ...direct, destination: "b.com:80", outcomes: 2 }],
]);

const delegate = (exportTo: string, match = ""): string => `${GW}${ABC}
VirtualService app/x {hosts: [x.com], http: [{match: [{uri: {prefix: /}${match}}], delegate: {name: part, namespace: parts}}, {route: [{destination: {host: b.com, port: {number: 80}}}]}]}
VirtualService parts/part {exportTo: [${exportTo}], http: [{match: [{uri: {prefix: /api}}], route: [{destination: {host: a.com, port: {number: 80}}}]}]}`;
table("37 a delegate", delegate('"*"'), [
  ["its path", call("http://x.com/api"), { ...direct, destination: "a.com:80" }],
  ["another path", call("http://x.com/"), { ...direct, destination: "b.com:80" }],
]);
table("37 not exported to the root's namespace", delegate('"."'), [
  ["its path", call("http://x.com/api"), { ...direct, destination: "b.com:80" }],
]);
table("38 a delegate that does not repeat sourceNamespace", delegate('"*"', ", sourceNamespace: app"), [
  ["its path", call("http://x.com/api"), { ...direct, destination: "b.com:80" }],
]);
table("39 redirect", `${GW}${ABC}VirtualService app/x {hosts: [x.com], http: [{redirect: {scheme: https}}]}`, [
  ["http", call("http://x.com/"), { verdict: "blocked", how: "answered", seen: "HTTP 301" }],
]);
const mirror = (percent: number): string =>
  `${GOOD}${se("app/m", "m.com", "80")}`.replace(
    `port: {number: 80}}}]},\n           {match`,
    `port: {number: 80}}}], mirror: {host: m.com, port: {number: 80}}, mirrorPercentage: {value: ${percent}}},\n           {match`,
  );
table("39 a mirror is an exit too", mirror(100), [
  ["http", call("http://x.com/"), { ...direct, destination: "m.com:80", outcomes: 2 }],
]);
table("39 a mirror of nothing", mirror(0), [["http", call("http://x.com/"), { ...through, outcomes: 1 }]]);
const rewrite = (authority: string): string =>
  GOOD.replace(
    "{match: [{gateways: [mesh], port: 80}],",
    `{match: [{gateways: [mesh], port: 80}], rewrite: {authority: ${authority}},`,
  );
table("40 rewrite.authority chooses the gateway's route", rewrite("y.com"), [
  ["http", call("http://x.com/"), { verdict: "blocked", seen: "HTTP 404" }],
]);
table("40 the same name again", rewrite("x.com"), [["http", call("http://x.com/"), through]]);
table(
  "41 overlapping server names",
  `${GW}${se("app/a", "a.com, b.com", "443")}
VirtualService app/x @1 {hosts: [a.com, b.com], tls: [{match: [{sniHosts: [a.com, b.com]}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}
VirtualService app/y @2 {hosts: [a.com], tls: [{match: [{sniHosts: [a.com]}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}]}`,
  [["https", call("https://a.com/"), { verdict: "unknown", how: "invalid" }]],
);
table(
  "a fault of half the requests",
  GOOD.replace(
    "{match: [{gateways: [mesh], port: 80}],",
    "{match: [{gateways: [mesh], port: 80}], fault: {abort: {httpStatus: 418, percentage: {value: 50}}},",
  ),
  [["http", call("http://x.com/"), { verdict: "blocked", how: "answered", seen: "HTTP 418", outcomes: 2 }]],
);
table(
  "matches of method, header and query",
  labelled('{method: {exact: POST}, headers: {x-team: {exact: red}}, queryParams: {q: {exact: "1"}}}'),
  [
    ["all three", call("http://x.com/?q=1", { method: "POST", headers: { "X-Team": "red" } }), through],
    [
      "another method",
      call("http://x.com/?q=1", { headers: { "X-Team": "red" } }),
      { verdict: "blocked", seen: "HTTP 404" },
    ],
    [
      "another query",
      call("http://x.com/?q=2", { method: "POST", headers: { "X-Team": "red" } }),
      { verdict: "blocked", seen: "HTTP 404" },
    ],
  ],
);
table("another port in the Host header", GOOD, [
  ["Host x.com:99", call("http://x.com/", { authority: "x.com:99" }), through],
]);
void A;
