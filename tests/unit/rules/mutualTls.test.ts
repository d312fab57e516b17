import { dr, GW, GWHOST, gateway, se, vs } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const CODE = "mutual-tls-to-gateway";
const ENTRY = se("egress/x", "x.com", "80");
const ROUTES = vs("egress/x", "x.com");
const GOOD = GW + ENTRY + ROUTES + gateway("egress/gw", "x.com");
const server = (tls: string, protocol = "HTTPS"): string =>
  `${GW}${ENTRY}${ROUTES}Gateway egress/gw {selector: {istio: egress}, servers: [{port: {number: 80, name: a, protocol: ${protocol}}, hosts: [x.com]${tls}}]}\n`;

ruleTable(CODE, "servers", [
  ["of the mesh", GOOD, []],
  ["with a certificate of one's own", server(", tls: {mode: MUTUAL, credentialName: c}"), []],
  [
    "that ask nobody who he is",
    server(", tls: {mode: SIMPLE, credentialName: c}"),
    ["Gateway egress/gw spec.servers[0].tls.mode: SIMPLE / port 80 takes calls without the mesh's mutual TLS"],
  ],
  [
    "in plain text",
    server("", "HTTP"),
    ["Gateway egress/gw spec.servers[0].tls: absent / port 80 takes calls without the mesh's mutual TLS"],
  ],
  [
    "in plain TCP",
    server("", "TCP"),
    ["Gateway egress/gw spec.servers[0].tls: absent / port 80 takes calls without the mesh's mutual TLS"],
  ],
  [
    "that pass TLS through",
    server(", tls: {mode: PASSTHROUGH}", "TLS"),
    ["Gateway egress/gw spec.servers[0].tls.mode: PASSTHROUGH / port 80 takes calls without the mesh's mutual TLS"],
  ],
  ["that send to HTTPS", server(", tls: {httpsRedirect: true}", "HTTP"), []],
  ["not judged", server("", "HTTP"), [], { judged: () => false }],
  ["that lead inwards only", server("", "HTTP").replaceAll("host: x.com", "host: web.app.svc.cluster.local"), []],
  ["without a route", server("", "HTTP").replace(ROUTES, ""), []],
]);

const rule = (host: string, tls: string): string =>
  `${GOOD}DestinationRule app/d {host: ${host}, trafficPolicy: {${tls}}}\n`;
const LENT = se("app/x", "y.com", "80", `resolution: DNS, endpoints: [{address: ${GWHOST}}]`);
ruleTable(CODE, "clients", [
  ["by the mesh's certificates", GOOD + dr("egress/gw", "x.com"), []],
  [
    "that speak plain text",
    rule(GWHOST, "tls: {mode: DISABLE}"),
    [
      "DestinationRule app/d spec.trafficPolicy.tls.mode: DISABLE / calls for gw.egress.svc.cluster.local go to the egress gateway without the mesh's mutual TLS",
    ],
  ],
  [
    "no word",
    rule(GWHOST, "tls: {sni: x.com}"),
    [
      "DestinationRule app/d spec.trafficPolicy.tls.mode: absent, which means DISABLE / calls for gw.egress.svc.cluster.local go to the egress gateway without the mesh's mutual TLS",
    ],
  ],
  [
    "on one port",
    rule(GWHOST, "tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 80}, tls: {mode: SIMPLE}}]"),
    [
      "DestinationRule app/d spec.trafficPolicy.portLevelSettings[0].tls.mode: SIMPLE / calls for gw.egress.svc.cluster.local go to the egress gateway without the mesh's mutual TLS",
    ],
  ],
  [
    "in a subset",
    `${GOOD}DestinationRule app/d {host: ${GWHOST}, subsets: [{name: s, trafficPolicy: {tls: {mode: DISABLE}}}]}\n`,
    [
      "DestinationRule app/d spec.subsets[0].trafficPolicy.tls.mode: DISABLE / calls for gw.egress.svc.cluster.local go to the egress gateway without the mesh's mutual TLS",
    ],
  ],
  [
    "by the short name of its namespace",
    `${GOOD}DestinationRule egress/d {host: gw, trafficPolicy: {tls: {mode: DISABLE}}}\n`,
    [
      "DestinationRule egress/d spec.trafficPolicy.tls.mode: DISABLE / calls for gw.egress.svc.cluster.local go to the egress gateway without the mesh's mutual TLS",
    ],
  ],
  ["to another Service", rule("web.app.svc.cluster.local", "tls: {mode: DISABLE}"), []],
  [
    "to an entry whose endpoint is the gateway",
    rule("y.com", "tls: {mode: DISABLE}") + LENT,
    [
      "DestinationRule app/d spec.trafficPolicy.tls.mode: DISABLE / calls for y.com go to the egress gateway without the mesh's mutual TLS",
    ],
  ],
  [
    "to an entry with another endpoint",
    rule("y.com", "tls: {mode: DISABLE}") + LENT.replace(GWHOST, "elsewhere.com"),
    [],
  ],
  [
    "to an entry with the gateway among its endpoints",
    rule("y.com", "tls: {mode: DISABLE}") + LENT.replace("endpoints: [", "endpoints: [{address: elsewhere.com}, "),
    [
      "DestinationRule app/d spec.trafficPolicy.tls.mode: DISABLE / calls for y.com go to the egress gateway without the mesh's mutual TLS",
    ],
  ],
  [
    "to an entry inside the mesh",
    rule("y.com", "tls: {mode: DISABLE}") + LENT.replace("resolution: DNS", "location: MESH_INTERNAL, resolution: DNS"),
    [],
  ],
  [
    "a Service without selector beside the gateway",
    `${rule("other.egress.svc.cluster.local", "tls: {mode: DISABLE}")}Service egress/other {ports: [{name: http, port: 80}]}\n`,
    [],
  ],
  [
    "a Service of application pods beside the gateway",
    `${rule("other.egress.svc.cluster.local", "tls: {mode: DISABLE}")}Service egress/other {selector: {app: o}, ports: [{name: http, port: 80}]}\nDeployment egress/o {template: {metadata: {labels: {app: o}}, spec: {containers: [{name: o}]}}}\n`,
    [],
  ],
  [
    "a mode that is not known yet",
    rule(GWHOST, "tls: {mode: UNKNOWN}"),
    ["? DestinationRule app/d spec.trafficPolicy.tls.mode: not known yet / DestinationRule app/d"],
  ],
]);
