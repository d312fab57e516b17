import { dr, GW, gateway, se, vs } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const any = (more: string, routes = vs("egress/x", "x.com")): string =>
  `${GW}${se("egress/x", "x.com", "80")}${dr("egress/gw", "x.com")}${gateway("egress/gw", "'*'")}${routes}${more}`;
const bound = (http: string): string => `VirtualService egress/x {hosts: [y.com], gateways: [egress/gw], ${http}}\n`;
ruleTable("gateway-hosts-not-any", "which way a gateway leads", [
  [
    "out",
    any(""),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by a mirror",
    any("", bound("http: [{route: [{destination: {host: web}}], mirror: {host: x.com}}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by one of several mirrors",
    any("", bound("http: [{route: [{destination: {host: web}}], mirrors: [{destination: {host: x.com}}]}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by TLS",
    any("", bound("tls: [{match: [{sniHosts: [y.com]}], route: [{destination: {host: x.com}}]}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  [
    "out by TCP",
    any("", bound("tcp: [{route: [{destination: {host: x.com}}]}]")),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["in", any("", bound("http: [{route: [{destination: {host: web}}]}]")), []],
  [
    "in, to an entry inside the mesh",
    any("", bound("http: [{route: [{destination: {host: x.com}}]}]")).replace(
      "resolution: DNS",
      "location: MESH_INTERNAL, resolution: DNS",
    ),
    [],
  ],
  [
    "to an entry that is not known yet",
    any("", bound("http: [{route: [{destination: {host: x.com}}]}]")).replace(
      "resolution: DNS",
      "location: UNKNOWN, resolution: DNS",
    ),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["to what is not known yet", any("", bound("http: [{route: [{destination: {host: UNKNOWN}}]}]")), []],
  ["by rules that are not known yet", any("", bound("http: UNKNOWN")), []],
  [
    "nowhere yet",
    any("", ""),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: * / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: * / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["out, by name", any("").replaceAll("'*'", "x.com"), []],
  [
    "out, for any name of a namespace",
    any("").replaceAll("'*'", "'egress/*'"),
    [
      "Gateway egress/gw spec.servers[0].hosts[0]: egress/* / the server on port 80 takes any host that a route is bound for",
      "Gateway egress/gw spec.servers[1].hosts[0]: egress/* / the server on port 443 takes any host that a route is bound for",
    ],
  ],
  ["out, for names below one", any("").replaceAll("'*'", "'*.x.com'"), []],
  [
    "a Gateway of Gateway API",
    `${se("egress/x", "x.com", "80")}KubeGateway egress/kgw {gatewayClassName: istio, servers: [{hosts: ["*"]}], listeners: [{name: http, port: 80, protocol: HTTP}]}\n`,
    [],
  ],
  [
    "hosts that are not known yet",
    any("").replaceAll("'*'", "UNKNOWN"),
    ["? Gateway egress/gw spec.servers[0].hosts[0]: not known yet / Gateway egress/gw"],
  ],
]);
