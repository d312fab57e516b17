import { dr, GW, GWHOST, gateway, se, vs } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const CODE = "service-entry-routed-by-egress-gateway";
const toGateway = `route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]`;
const out = "route: [{destination: {host: x.com, port: {number: 80}}}]";
const SERVER = dr("egress/gw", "x.com") + gateway("egress/gw", "x.com");
const ENTRY = se("egress/x", "x.com", "80");
/** x.com on port 80, routed to the gateway, but what the match says. */
const but = (match: string): string => `${GW}${ENTRY}${SERVER}
VirtualService egress/x {hosts: [x.com], gateways: [mesh, egress/gw], http: [{match: [{gateways: [egress/gw]}], ${out}}, {match: [${match}], ${out}}, {${toGateway}}]}
`;

ruleTable(CODE, "requests that a match singles out", [
  ["none", but("{uri: {exact: /only-this}, method: {exact: NONE}, gateways: [egress/gw]}"), []],
  [
    "a path",
    but("{uri: {exact: /leak}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "paths below",
    but("{uri: {prefix: /leak/}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "the root path",
    but("{uri: {exact: /}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "a method",
    but("{method: {exact: POST}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "a header",
    but("{headers: {team: {exact: red}}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "the start of a header",
    but("{headers: {team: {prefix: re}}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "that a header is there",
    but("{headers: {team: {}}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "two headers",
    but("{headers: {team: {exact: red}, zone: {exact: b}}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "a query",
    but("{queryParams: {a: {exact: '1'}}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "a query below a path",
    but("{uri: {exact: /leak}, queryParams: {a: {exact: '1'}, b: {exact: '2'}}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "an authority",
    but("{authority: {exact: 'x.com:80'}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "its own name as authority",
    but("{authority: {exact: x.com}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "the second of two",
    but("{uri: {exact: /a}, gateways: [egress/gw]}, {uri: {exact: /b}}"),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "matches that are not known yet",
    but("UNKNOWN"),
    ["? ServiceEntry egress/x spec.http[1].match[0]: not known yet / VirtualService egress/x"],
  ],
]);

const WILD = se("egress/x", '"*.x.com"', "80", "resolution: DYNAMIC_DNS");
const wild = (routes: string): string => `${GW}${WILD}${dr("egress/gw", "a.x.com")}${gateway("egress/gw", '"*.x.com"')}
VirtualService egress/x {hosts: ["*.x.com"], gateways: [mesh, egress/gw], http: [{match: [{gateways: [egress/gw]}], route: [{destination: {host: "*.x.com", port: {number: 80}}}]}, {${toGateway}}]}
${routes}`;
const route = (host: string, to: string): string =>
  `VirtualService egress/a {hosts: [${host}], http: [{route: [{destination: {host: "${to}", port: {number: 80}}}]}]}\n`;
ruleTable(CODE, "names below a wildcard", [
  [
    "none of them routed",
    `${GW}${WILD}`,
    [
      "ServiceEntry egress/x spec.hosts: *.x.com:80 HTTP / a pod of any other namespace reaches any-host.x.com:80 without an egress gateway",
    ],
  ],
  ["all routed", wild(""), []],
  [
    "one that a route singles out",
    wild(route("leak.x.com", "*.x.com")),
    [
      "ServiceEntry egress/x spec.hosts: *.x.com:80 HTTP / a pod of any other namespace reaches leak.x.com:80 without an egress gateway",
    ],
  ],
  ["one of another domain is no name below", wild(route("leak.y.com", "nothing.com")), []],
  ["a wildcard below it", wild(route('"*.b.x.com"', "*.x.com")), []],
  [
    "one that Istio refuses",
    se("egress/x", '"*.x.com"', "80"),
    ["ServiceEntry egress/x spec: not valid / Istio refuses it"],
  ],
  ["one that Istio refuses, but is not judged", se("egress/x", '"*.x.com"', "80"), [], { judged: () => false }],
]);

const other = (more: string): string =>
  `${GW}${ENTRY}${SERVER}${vs("egress/x", "x.com").replace(/,\s*tls: [\s\S]*/, "}\n")}${more}`;
ruleTable(CODE, "calls under another name", [
  ["no other name", other(""), []],
  [
    "a name that no entry has",
    other(route("other.com", "x.com")),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches other.com:80 without an egress gateway",
    ],
  ],
  [
    "the name of another entry, at its port",
    other(`${se("egress/o", "other.com", "8080/HTTP")}${route("other.com", "x.com")}`),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches other.com:8080 without an egress gateway",
      "ServiceEntry egress/o spec.hosts: other.com:8080 HTTP / a pod of any other namespace reaches other.com:8080 without an egress gateway",
    ],
  ],
  [
    "wildcards",
    other(route('"*.other.com"', "x.com")),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / a pod of any other namespace reaches any-host.other.com:80 without an egress gateway",
    ],
  ],
  [
    "any name at all",
    other(route('"*"', "x.com")),
    [
      "ServiceEntry egress/x spec.hosts: x.com:80 HTTP / whether a pod of any other namespace reaches x.com:80 only through an egress gateway cannot be decided",
    ],
  ],
  ["another name that leads to the gateway", other(route("other.com", GWHOST)), []],
  [
    "a name that leads there for nobody, and elsewhere for all",
    other(
      `${se("egress/y", "y.com", "80")}VirtualService egress/o {hosts: [other.com], http: [{match: [{method: {exact: NONE}, headers: {a: {regex: "z+"}}}], ${out}}, {route: [{destination: {host: y.com, port: {number: 80}}}]}]}\n`,
    ),
    [
      "ServiceEntry egress/y spec.hosts: y.com:80 HTTP / a pod of any other namespace reaches y.com:80 without an egress gateway",
    ],
  ],
  [
    "another port of the host",
    other(
      "VirtualService egress/o {hosts: [other.com], http: [{route: [{destination: {host: x.com, port: {number: 8080}}}]}]}\n",
    ),
    [],
  ],
  [
    "not exported to anybody else",
    other(
      'VirtualService egress/o {hosts: [other.com], exportTo: ["."], http: [{route: [{destination: {host: x.com, port: {number: 80}}}]}]}\n',
    ),
    [],
  ],
]);

ruleTable(CODE, "each port by the bytes that it is for", [
  [
    "TLS",
    se("app/x", "x.com", "443"),
    [
      "ServiceEntry app/x spec.hosts: x.com:443 TLS / a pod of namespace app that no Sidecar selects reaches x.com:443 without an egress gateway",
    ],
  ],
  [
    "TCP",
    se("app/x", "x.com", "5432"),
    [
      "ServiceEntry app/x spec.hosts: x.com:5432 TCP / a pod of namespace app that no Sidecar selects reaches x.com:5432 without an egress gateway",
    ],
  ],
  [
    "TCP at addresses",
    se("app/x", "x.com", "5432", "resolution: NONE, addresses: [198.18.1.1, 198.18.2.0/24]"),
    [
      "ServiceEntry app/x spec.hosts: x.com:5432 TCP / a pod of namespace app that no Sidecar selects reaches x.com:5432 without an egress gateway",
    ],
  ],
  [
    "to be detected",
    "ServiceEntry app/x {hosts: [x.com], resolution: DNS, ports: [{number: 9000, name: any}]}\n",
    [
      "ServiceEntry app/x spec.hosts: x.com:9000  / a pod of namespace app that no Sidecar selects reaches x.com:9000 without an egress gateway",
    ],
  ],
  ["UDP", se("app/x", "x.com", "53/UDP"), []],
  [
    "two ports",
    se("app/x", "x.com", "80,443"),
    [
      "ServiceEntry app/x spec.hosts: x.com:80 HTTP / a pod of namespace app that no Sidecar selects reaches x.com:80 without an egress gateway",
      "ServiceEntry app/x spec.hosts: x.com:443 TLS / a pod of namespace app that no Sidecar selects reaches x.com:443 without an egress gateway",
    ],
  ],
  [
    "inside the mesh by word and address",
    se("app/x", "x.com", "80", "location: MESH_INTERNAL, resolution: STATIC, endpoints: [{address: 10.0.0.1}]"),
    [],
  ],
  [
    "inside the mesh by word alone",
    se("app/x", "x.com", "80", "location: MESH_INTERNAL, resolution: DNS"),
    [
      "ServiceEntry app/x spec.hosts: x.com:80 HTTP / a pod of namespace app that no Sidecar selects reaches x.com:80 without an egress gateway",
    ],
  ],
  [
    "inside the mesh, of pods",
    se("app/x", "x.com", "80", "location: MESH_INTERNAL, resolution: DNS, workloadSelector: {labels: {app: a}}"),
    [],
  ],
  [
    "a host that is not known yet",
    se("app/x", "UNKNOWN", "80"),
    ["? ServiceEntry app/x spec.hosts[0]: not known yet / ServiceEntry app/x"],
  ],
  [
    "a port that is not known yet",
    "ServiceEntry app/x {hosts: [x.com], resolution: DNS, ports: [{number: UNKNOWN, name: http, protocol: HTTP}]}\n",
    ["? ServiceEntry app/x spec.ports[0].number: not known yet / ServiceEntry app/x"],
  ],
  [
    "a place that is not known yet",
    se("app/x", "x.com", "80", "location: UNKNOWN, resolution: DNS"),
    ["? ServiceEntry app/x spec.location: not known yet / ServiceEntry app/x"],
  ],
  [
    "exported to whom is not known yet",
    se("app/x", "x.com", "80", "resolution: DNS, exportTo: UNKNOWN"),
    ["? ServiceEntry app/x spec.exportTo: not known yet / ServiceEntry app/x"],
  ],
  ["an entry that is not judged", se("app/x", "x.com", "80"), [], { judged: () => false }],
  [
    "one without endpoints",
    se("app/x", "x.com", "80", "resolution: STATIC"),
    [
      "ServiceEntry app/x spec.hosts: x.com:80 HTTP / calls of a pod of namespace app that no Sidecar selects end at cluster",
    ],
  ],
  [
    "one that Istio refuses, but not judged",
    se("app/x", "x.com", "80", "resolution: STATIC"),
    [],
    { judged: () => false },
  ],
]);
